import { ListMultipartUploadsCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { onObjectCreated } from "../consumers/object-created.ts";
import { GRACE } from "../domain/session.ts";
import { beginMultipart, SMALL_PART, sendParts } from "../multipart.testkit.ts";
import { DONE, deliver, jpeg, sendForm, startUploads, type Uploads } from "../upload.testkit.ts";
import { expireSessions } from "./expire-sessions.ts";

let uploads: Uploads;
beforeAll(async () => {
  uploads = await startUploads();
});
afterAll(() => uploads.close());
beforeEach(() => {
  uploads.clock.ahead = 0;
});

const run = (deps = uploads.deps) => expireSessions({ ...deps, log: uploads.log });
const begin = async () => {
  const { body } = await uploads.call("ann", "POST", "/v1/uploads", {
    contentType: "image/jpeg",
    size: 1000,
  });
  return { ownerId: "ann", imageId: body.imageId, key: body.fields.key, form: body };
};
const statusOf = async (ref: { ownerId: string; imageId: string }) =>
  (await uploads.session(ref)).status;
const FORM_OVER = 301_000 + GRACE;

describe("the job that ends sessions", () => {
  it("ends what is overdue and nothing else, once", async () => {
    const session = await begin();
    uploads.clock.ahead = FORM_OVER - 10_000;
    expect(await run()).toEqual({ expired: 0, takenIn: 0, failed: 0 });
    uploads.clock.ahead = FORM_OVER;
    const later = await begin();
    expect(await run()).toEqual({ expired: 1, takenIn: 0, failed: 0 });
    expect(await statusOf(session)).toBe("expired");
    expect(await statusOf(later)).toBe("awaiting");
    expect(await run()).toEqual({ expired: 0, takenIn: 0, failed: 0 });
    await uploads.end(later, { status: "aborted" });
  });

  it("takes in what arrived in time although its event never came", async () => {
    const session = await begin();
    await sendForm(session.form, jpeg(1000));
    uploads.clock.ahead = FORM_OVER;
    expect(await run()).toEqual({ expired: 0, takenIn: 1, failed: 0 });
    expect(await statusOf(session)).toBe("uploaded");
    expect(
      await deliver(onObjectCreated(uploads.deps), await uploads.reported(session.key)),
    ).toEqual(DONE);
    expect(await uploads.versions(session.key)).toHaveLength(1);
  });

  it("rejects what arrived in time and is not what was announced", async () => {
    const session = await begin();
    await sendForm(session.form, Buffer.alloc(1000));
    uploads.clock.ahead = FORM_OVER;
    await run();
    expect(await statusOf(session)).toBe("rejected");
    expect(await uploads.versions(session.key)).toEqual([]);
  });

  it("has an object deleted that is reported after it", async () => {
    const session = await begin();
    uploads.clock.ahead = FORM_OVER;
    await run();
    await sendForm(session.form, jpeg(1000));
    await deliver(onObjectCreated(uploads.deps), await uploads.reported(session.key));
    expect(await statusOf(session)).toBe("expired");
    expect(await uploads.versions(session.key)).toEqual([]);
  });

  it("aborts the parts of a multipart upload, an hour after its day", async () => {
    const bytes = jpeg(SMALL_PART + 10);
    const upload = await beginMultipart(uploads, { size: bytes.length });
    await sendParts(uploads, upload.imageId, bytes, [1]);
    uploads.clock.ahead = 86_400_000 + GRACE - 10_000;
    expect((await run()).expired).toBe(0);
    uploads.clock.ahead = 86_401_000 + GRACE;
    expect((await run()).expired).toBe(1);
    expect(await statusOf(upload)).toBe("expired");
    const { Uploads: open = [] } = await uploads.objects.send(
      new ListMultipartUploadsCommand({ Bucket: uploads.bucket, Prefix: upload.key }),
    );
    expect(open).toEqual([]);
  });

  it("takes in a multipart upload that was completed although its event never came", async () => {
    const bytes = jpeg(SMALL_PART + 10);
    const upload = await beginMultipart(uploads, { size: bytes.length });
    const parts = await sendParts(uploads, upload.imageId, bytes, [1, 2]);
    await uploads.call("ann", "POST", `/v1/uploads/${upload.imageId}/complete`, { parts });
    uploads.clock.ahead = 86_401_000 + GRACE;
    expect((await run()).takenIn).toBe(1);
    expect(await statusOf(upload)).toBe("uploaded");
  });

  it("ends all of many, and those that can be ended when one can't", async () => {
    const sessions = await Promise.all(Array.from({ length: 40 }, begin));
    uploads.clock.ahead = FORM_OVER;
    const [bad] = sessions;
    const { originals } = uploads.deps;
    const failing = {
      ...uploads.deps,
      originals: {
        ...originals,
        versions: (key: string) =>
          key === bad?.key
            ? Promise.reject(new Error("the store is down"))
            : originals.versions(key),
      },
    };
    await expect(run(failing)).rejects.toThrow("1 sessions could not be ended");
    const statuses = await Promise.all(sessions.map(statusOf));
    expect(statuses.filter((status) => status === "expired")).toHaveLength(39);
    expect((await run()).expired).toBe(1);
  });
});
