import type { Call } from "../world/exchange.ts";
import type { Tooth } from "./tooth.ts";

const isOf = (call: Call, by: string, operation: string) =>
  call.by === by && call.operation === operation;

/** What keeps the buckets right. */
export const objectTeeth: Tooth[] = [
  {
    name: "the version of the object that was verified, when it is processed",
    bias: { weights: { upload: 80 }, faults: { slow: 0.4, late: 0.4 } },
    mutation: () => ({
      request(call) {
        if (isOf(call, "processing/worker", "GetObject")) call.request.query = {};
      },
    }),
  },
  {
    name: "deleting a second object on the same key",
    bias: { weights: { upload: 80 } },
    mutation: () => ({
      request(call) {
        if (isOf(call, "upload/object-created", "DeleteObject")) call.request.key = "nothing";
      },
    }),
  },
  {
    name: "deleting every version of an original",
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
    bias: { weights: { remove: 60 }, faults: { slow: 0.4 } },
    mutation: () => ({
      request(call) {
        if (isOf(call, "processing/worker", "ListObjectsV2")) {
          call.request.query = { ...(call.request.query as object), prefix: "nothing" };
        }
      },
    }),
  },
  {
    name: "the day of grace of what seems to be nobody's",
    bias: { weights: { upload: 60, runSchedule: 30 }, faults: { late: 0.6 } },
    mutation: () => ({
      answer(call, answer) {
        const isListing = call.operation === "ListObjectsV2";
        if (call.by !== "processing/reconcile-renditions" || !isListing) return;
        const xml = String(answer.body).replace(
          /<LastModified>.*?<\/LastModified>/g,
          "<LastModified>2020-01-01T00:00:00.000Z</LastModified>",
        );
        answer.body = Buffer.from(xml);
      },
    }),
  },
  {
    name: "looking for the object before a session expires",
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
