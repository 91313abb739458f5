import { ListMultipartUploadsCommand } from "@aws-sdk/client-s3";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { ImageDeleted } from "@shoebox/shared/events/catalog";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isSession } from "./adapters/session-item.ts";
import { completeUpload } from "./complete-upload.ts";
import { onImageDeleted } from "./consumers/image-deleted.ts";
import { onObjectCreated } from "./consumers/object-created.ts";
import type { Deps } from "./deps.ts";
import { holdsQuota, usageOf } from "./domain/quota.ts";
import { GRACE, Session } from "./domain/session.ts";
import { expireSessions } from "./jobs/expire-sessions.ts";
import { beginMultipart, SMALL_PART, sendParts } from "./multipart.testkit.ts";
import { deliver, jpeg, sendForm, startUploads, type Uploads } from "./upload.testkit.ts";

let uploads: Uploads;
beforeAll(async () => {
  uploads = await startUploads();
});
afterAll(() => uploads.close());

/** What can happen to an upload, in any order, any number of times, at the same time. */
const steps = ["send", "complete", "abort", "arrive", "expire", "delete"] as const;
type Step = (typeof steps)[number];

/** A step, and after how many calls of a store its process dies, if it does. */
const action = fc.record({
  step: fc.constantFrom(...steps),
  dies: fc.option(fc.nat(6), { nil: undefined }),
});
/** Rounds one after the other; what is in one round happens at the same time. */
const history = fc.array(fc.array(action, { minLength: 1, maxLength: 3 }), {
  minLength: 1,
  maxLength: 6,
});

interface Target {
  ownerId: string;
  imageId: string;
  key: string;
  parts?: { partNumber: number; etag: string }[];
  send(): Promise<unknown>;
}

/** The stores of a process that dies: from some call on nothing reaches them any more. */
function dying(deps: Deps, after: number | undefined): Deps {
  if (after === undefined) return deps;
  let left = after;
  const mortal = <T extends object>(store: T): T =>
    new Proxy(store, {
      get(target, name, receiver) {
        const value = Reflect.get(target, name, receiver);
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => {
          left -= 1;
          if (left < 0) throw new Error("the process died");
          return value.apply(target, args);
        };
      },
    });
  return {
    ...deps,
    sessions: mortal(deps.sessions),
    originals: mortal(deps.originals),
    multipartUploads: mortal(deps.multipartUploads),
  };
}

/** All that S3 has reported of a key, delivered once, in the reverse order. */
async function arriveAll(target: Target, deps: Deps): Promise<void> {
  for (const event of uploads.events(target.key).toReversed()) {
    await deliver(onObjectCreated(deps), event);
  }
}

const erase = ({ ownerId, imageId, key }: Target, deps: Deps) =>
  deliver(
    onImageDeleted(deps),
    ImageDeleted.make(
      {
        eventId: "0198c1a2-7b3c-7def-8123-456789abcdef",
        occurredAt: "2026-11-22T12:00:00.000Z",
        correlationId: "request-2",
      },
      {
        imageId,
        ownerId,
        key,
        version: 3,
        deletedAt: "2026-11-22T12:00:00.000Z",
        uploadedAt: "2026-11-22T11:00:00.000Z",
      },
    ),
  );

/** Far enough for a form and a multipart upload to be over. */
const late = (deps: Deps): Deps => ({ ...deps, now: () => Date.now() + 86_401_000 + GRACE });

async function perform(step: Step, target: Target, deps: Deps): Promise<void> {
  switch (step) {
    case "send":
      await target.send();
      return;
    case "complete":
      if (target.parts) await completeUpload(target, target.parts, deps, uploads.log);
      return;
    case "abort":
      await uploads.callWith(deps, target.ownerId, "DELETE", `/v1/uploads/${target.imageId}`);
      return;
    case "arrive":
      await arriveAll(target, deps);
      return;
    case "expire":
      await expireSessions({ ...late(deps), log: uploads.log });
      return;
    case "delete":
      await erase(target, deps);
      return;
    default:
      return step satisfies never;
  }
}

/** What is left of everything once all that is under way has come to its end. */
async function settle(target: Target, performed: Step[]): Promise<void> {
  await uploads.settled(target.key);
  // A message whose handler died comes again.
  if (performed.includes("delete")) await erase(target, uploads.deps);
  await arriveAll(target, uploads.deps);
  await expireSessions({ ...late(uploads.deps), log: uploads.log });
  await uploads.settled(target.key);
  await arriveAll(target, uploads.deps);
}

async function sessionsInTable(): Promise<Session[]> {
  const { Items = [] } = await uploads.tables.send(new ScanCommand({ TableName: uploads.table }));
  return Items.filter(isSession).map((item) => Session.parse(item));
}

async function expectSound(target: Target): Promise<void> {
  const sessions = await sessionsInTable();
  const live = sessions.filter(holdsQuota);
  expect(await uploads.deps.sessions.usage("ann")).toEqual(usageOf(live));
  const session = sessions.find(({ imageId }) => imageId === target.imageId);
  expect(session?.status).not.toBe("awaiting");
  const accepted = session?.status === "uploaded" ? [session.versionId] : [];
  expect(await uploads.versions(target.key)).toEqual(accepted);
  // An image can be found by its content exactly as long as it is there.
  const found = await uploads.deps.sessions.imageWith("ann", SHA256);
  const owned = live.filter(({ status, sha256 }) => status === "uploaded" && sha256 === SHA256);
  expect(found !== undefined).toBe(owned.length > 0);
}

const PICTURE = jpeg(1000);
const SHA256 = Buffer.from(
  await crypto.subtle.digest("SHA-256", Uint8Array.from(PICTURE)),
).toString("base64");

async function beginForm(): Promise<Target> {
  const { body } = await uploads.call("ann", "POST", "/v1/uploads", {
    contentType: "image/jpeg",
    size: 1000,
    sha256: SHA256,
  });
  return {
    ownerId: "ann",
    imageId: body.imageId,
    key: body.fields.key,
    send: () => sendForm(body, PICTURE),
  };
}

async function beginParts(): Promise<Target> {
  const bytes = jpeg(SMALL_PART + 10);
  const upload = await beginMultipart(uploads, { size: bytes.length });
  const parts = await sendParts(uploads, upload.imageId, bytes, [1, 2]);
  return { ...upload, parts, send: async () => undefined };
}

describe.each([
  ["as a form", beginForm, 40],
  ["in parts", beginParts, 20],
] as const)("an upload that is sent %s", (_, begin, numRuns) => {
  it("ends with one version or none, and the quota is what is left, whatever happens in whatever order, also when processes die", async () => {
    await fc.assert(
      fc.asyncProperty(history, async (rounds) => {
        const target = await begin();
        for (const round of rounds) {
          const running = round.map(({ step, dies }) =>
            // A process that dies says nothing; what it left undone is what this is about.
            perform(step, target, dying(uploads.deps, dies)).catch(() => undefined),
          );
          await Promise.all(running);
        }
        await settle(
          target,
          rounds.flat().map(({ step }) => step),
        );
        await expectSound(target);
      }),
      { numRuns },
    );
  });
});

it("an image whose deletion died between its object and its tombstone is deleted when the message comes again", async () => {
  const target = await beginForm();
  await target.send();
  await uploads.settled(target.key);
  await arriveAll(target, uploads.deps);
  await perform("delete", target, dying(uploads.deps, 1)).catch(() => undefined);
  expect((await uploads.session(target)).status).toBe("uploaded");
  expect(await uploads.versions(target.key)).toEqual([]);
  await settle(target, ["delete"]);
  await expectSound(target);
  expect(await uploads.deps.sessions.load(target, Date.now())).toMatchObject({ status: "deleted" });
});

it("a multipart upload that was called off has no parts left, unless a process died: then the bucket's lifecycle ends it", async () => {
  const target = await beginParts();
  await perform("abort", target, dying(uploads.deps, 2)).catch(() => undefined);
  const open = async () => {
    const { Uploads = [] } = await uploads.objects.send(
      new ListMultipartUploadsCommand({ Bucket: uploads.bucket, Prefix: target.key }),
    );
    return Uploads.length;
  };
  expect((await uploads.session(target)).status).toBe("aborted");
  expect(await open()).toBe(1);
  const tomorrow = Date.now() + 2 * 86_400_000;
  await uploads.sweepLifecycle(tomorrow);
  expect(await open()).toBe(0);
});
