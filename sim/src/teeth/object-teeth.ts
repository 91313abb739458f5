import type { Call } from "../world/exchange.ts";
import type { Tooth } from "./tooth.ts";

const isOf = (call: Call, by: string, operation: string) =>
  call.by === by && call.operation === operation;

/** What keeps the buckets right. */
export const objectTeeth: Tooth[] = [
  {
    name: "the version of the object that was verified, when it is processed",
    caughtBy: "renditions = what the catalog refers to",
    bias: { weights: { upload: 90, outage: 0 }, faults: { late: 0.6, slow: 0.3 } },
    mutation: () => ({
      request(call) {
        if (isOf(call, "processing/worker", "GetObject")) call.request.query = {};
      },
    }),
  },
  {
    name: "deleting a second object on the same key",
    caughtBy: "originals = what the catalog refers to",
    bias: { weights: { upload: 80 } },
    mutation: () => ({
      request(call) {
        if (isOf(call, "upload/object-created", "DeleteObject")) call.request.key = "nothing";
      },
    }),
  },
  {
    name: "deleting every version of an original",
    caughtBy: "originals = what the catalog refers to",
    bias: { weights: { remove: 40 } },
    mutation: () => ({
      request(call) {
        if (!isOf(call, "upload/image-deleted", "DeleteObjects")) return;
        const xml = String(call.request.body).replace(/<VersionId>.*?<\/VersionId>/gs, "");
        call.request.body = Buffer.from(xml);
      },
    }),
  },
  {
    name: "cleaning up behind a worker that was overtaken by a deletion",
    caughtBy: "renditions = what the catalog refers to",
    bias: {
      weights: { regret: 120, outage: 0, breakdown: 0 },
      faults: { crash: 0, late: 0.2, slow: 0.5 },
    },
    mutation: () => ({
      request(call) {
        if (isOf(call, "processing/worker", "ListObjectsV2")) {
          call.request.query = { ...(call.request.query as object), prefix: "nothing" };
        }
      },
    }),
  },
  {
    name: "reconciling objects that nobody was told of",
    caughtBy: "originals = what the catalog refers to",
    bias: { weights: { upload: 70, lose: 20 } },
    mutation: () => ({
      request(call) {
        if (isOf(call, "upload/reconcile-uploads", "ListObjectVersions")) {
          call.request.query = { ...(call.request.query as object), prefix: "nothing" };
        }
      },
    }),
  },
  {
    name: "looking for the object before a session expires",
    caughtBy: "every accepted upload ends",
    bias: {
      weights: { upload: 60, remove: 0, abort: 0 },
      faults: { late: 1 },
    },
    mutation: () => ({
      request(call) {
        if (isOf(call, "upload/expire-sessions", "ListObjectVersions")) {
          call.request.query = { ...(call.request.query as object), prefix: "nothing" };
        }
      },
    }),
  },
];

/**
 * No tooth, because nothing needs it: what is under way is told from what is nobody's by the state of
 * its upload or job, and not by its age. The day of grace stays, for what nobody has thought of.
 */
export const graceOfOrphans: Omit<Tooth, "caughtBy"> = {
  name: "the day of grace of what seems to be nobody's",
  bias: { weights: { upload: 60, runSchedule: 40 }, faults: { late: 0.6, slow: 0.3 } },
  mutation: () => ({
    answer(call, answer) {
      if (!/\/reconcile-/.test(call.by ?? "") || !call.operation.startsWith("ListObject")) return;
      const xml = String(answer.body).replace(
        /<LastModified>.*?<\/LastModified>/g,
        "<LastModified>2020-01-01T00:00:00.000Z</LastModified>",
      );
      answer.body = Buffer.from(xml);
    },
  }),
};
