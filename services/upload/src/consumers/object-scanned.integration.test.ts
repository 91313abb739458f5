import { readFileSync } from "node:fs";
import { PutObjectTaggingCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Deps } from "../deps.ts";
import { GRACE, type SessionRef } from "../domain/session.ts";
import { expireSessions } from "../jobs/expire-sessions.ts";
import {
  DONE,
  deliver,
  FAILED,
  jpeg,
  sendForm,
  startUploads,
  type Uploads,
} from "../upload.testkit.ts";
import { onObjectCreated } from "./object-created.ts";
import { onObjectScanned } from "./object-scanned.ts";

interface ScanEvent {
  source: string;
  "detail-type": string;
  detail: {
    s3ObjectDetails: Record<string, unknown>;
    scanResultDetails: { scanResultStatus: string };
  };
}
/** As AWS documents them. */
const samples = JSON.parse(
  readFileSync(
    new URL("../../../../shared/src/events/aws-samples/object-scanned.json", import.meta.url),
    "utf8",
  ),
) as Record<"clean" | "infected" | "skipped", ScanEvent>;

let uploads: Uploads;
beforeAll(async () => {
  uploads = await startUploads();
});
afterAll(() => uploads.close());
beforeEach(() => {
  uploads.clock.ahead = 0;
});

const guarded = (): Deps => ({ ...uploads.deps, malwareScan: "required" });

/** An upload of Ann's whose object has arrived, and what S3 says of it. */
async function sent() {
  const { body: form } = await uploads.call("ann", "POST", "/v1/uploads", {
    contentType: "image/jpeg",
    size: 1000,
  });
  expect((await sendForm(form, jpeg(1000))).status).toBe(201);
  const event = await uploads.reported(form.fields.key);
  return { ownerId: "ann", imageId: form.imageId as string, key: form.fields.key as string, event };
}
type Sent = Awaited<ReturnType<typeof sent>>;

const created = (upload: Sent, deps = guarded()) => deliver(onObjectCreated(deps), upload.event);

function scanned(upload: Sent, sample = samples.clean, deps = guarded(), changed: object = {}) {
  const versionId = upload.event.detail.object["version-id"];
  const s3ObjectDetails = {
    ...sample.detail.s3ObjectDetails,
    ...{ bucketName: uploads.bucket, objectKey: upload.key, versionId },
    ...changed,
  };
  return deliver(onObjectScanned(deps), {
    source: sample.source,
    detailType: sample["detail-type"],
    detail: { ...sample.detail, s3ObjectDetails },
  });
}

/** What GuardDuty notes on the object itself. */
const tag = (upload: Sent, Value: string) =>
  uploads.objects.send(
    new PutObjectTaggingCommand({
      Bucket: uploads.bucket,
      Key: upload.key,
      VersionId: upload.event.detail.object["version-id"],
      Tagging: { TagSet: [{ Key: "GuardDutyMalwareScanStatus", Value }] },
    }),
  );

const session = (ref: SessionRef) => uploads.session(ref);
const expire = () => expireSessions({ ...guarded(), log: uploads.log });

describe("where GuardDuty watches the originals, an upload", () => {
  it("goes on when S3 and GuardDuty have both spoken, in either order, however often", async () => {
    const [one, other] = [await sent(), await sent()];
    expect(await created(one)).toEqual(DONE);
    expect((await session(one)).status).toBe("awaiting");
    expect(await scanned(one)).toEqual(DONE);
    const accepted = await session(one);
    expect(accepted.status).toBe("uploaded");
    expect([await created(one), await scanned(one)]).toEqual([DONE, DONE]);
    expect(await session(one)).toEqual(accepted);

    expect(await scanned(other)).toEqual(DONE);
    expect((await session(other)).status).toBe("uploaded");
    expect(await created(other)).toEqual(DONE);
    expect(await uploads.versions(other.key)).toHaveLength(1);
  });

  it("is rejected with a reason and its object deleted when something is found", async () => {
    const upload = await sent();
    await created(upload);
    expect(await scanned(upload, samples.infected)).toEqual(DONE);
    expect(await session(upload)).toMatchObject({
      status: "rejected",
      reason: { code: "infected" },
    });
    expect(await uploads.versions(upload.key)).toEqual([]);
    // Whoever says later that it is clean has been too late.
    expect(await scanned(upload)).toEqual(DONE);
    expect((await session(upload)).status).toBe("rejected");
  });

  it.each(["UNSUPPORTED", "ACCESS_DENIED", "FAILED"])(
    "is rejected when nobody could look at it: %s",
    async (scanResultStatus) => {
      const upload = await sent();
      await created(upload);
      const { detail } = samples.skipped;
      const sample = {
        ...samples.skipped,
        detail: { ...detail, scanResultDetails: { scanResultStatus } },
      };
      expect(await scanned(upload, sample)).toEqual(DONE);
      expect(await session(upload)).toMatchObject({ reason: { code: "not-scanned" } });
      expect(await uploads.versions(upload.key)).toEqual([]);
    },
  );

  it("is rejected at once when it is not what was announced, scanned or not", async () => {
    const { body: form } = await uploads.call("ann", "POST", "/v1/uploads", {
      contentType: "image/png",
      size: 1000,
    });
    await sendForm(form, jpeg(1000));
    const event = await uploads.reported(form.fields.key);
    expect(await deliver(onObjectCreated(guarded()), event)).toEqual(DONE);
    const ref = { ownerId: "ann", imageId: form.imageId };
    expect(await session(ref)).toMatchObject({ reason: { code: "type-mismatch" } });
  });

  it("is decided by the tag on its object when the event was lost", async () => {
    const [clean, infected] = [await sent(), await sent()];
    await tag(clean, "NO_THREATS_FOUND");
    await tag(infected, "THREATS_FOUND");
    await created(clean);
    await created(infected);
    expect((await session(clean)).status).toBe("uploaded");
    expect(await session(infected)).toMatchObject({ reason: { code: "infected" } });
  });

  it("does not wait for ever: at its end it is rejected when nobody has looked, accepted when the tag says clean", async () => {
    const [unseen, seen] = [await sent(), await sent()];
    await created(unseen);
    await created(seen);
    await tag(seen, "NO_THREATS_FOUND");
    uploads.clock.ahead = GRACE + 301_000;
    await expire();
    expect(await session(unseen)).toMatchObject({ reason: { code: "not-scanned" } });
    expect(await uploads.versions(unseen.key)).toEqual([]);
    expect((await session(seen)).status).toBe("uploaded");
  });

  it("keeps the first version that is found clean; one that is found clean later is deleted", async () => {
    const { body: form } = await uploads.call("ann", "POST", "/v1/uploads", {
      contentType: "image/jpeg",
      size: 1000,
    });
    const arrive = async (count: number): Promise<Sent> => {
      await sendForm(form, jpeg(1000, count));
      const event = await uploads.reported(form.fields.key, count);
      return { ownerId: "ann", imageId: form.imageId, key: form.fields.key, event };
    };
    const [first, second] = [await arrive(1), await arrive(2)];
    await created(first);
    await created(second);
    await scanned(second);
    await scanned(first);
    const versionId = second.event.detail.object["version-id"];
    expect(await session(first)).toMatchObject({ status: "uploaded", versionId });
    expect(await uploads.versions(first.key)).toEqual([versionId]);
  });
});

describe("a scan's event", () => {
  it("is believed when it says infected, also where nobody is asked", async () => {
    const upload = await sent();
    await scanned(upload, samples.infected, uploads.deps);
    expect(await session(upload)).toMatchObject({ reason: { code: "infected" } });
  });

  it("goes back to the queue when it is of another bucket, or names no version", async () => {
    const upload = await sent();
    const of = (changed: object) => scanned(upload, samples.clean, guarded(), changed);
    expect(await of({ bucketName: "processed" })).toEqual(FAILED);
    expect(await of({ versionId: null })).toEqual(FAILED);
    expect(await of({ objectKey: "malware-protection-resource-validation-object" })).toEqual(DONE);
    expect((await session(upload)).status).toBe("awaiting");
  });
});
