import { newImageId } from "@shoebox/shared/ids";
import { describe, expect, it } from "vitest";
import { decideAbort } from "./decide-abort.ts";
import { GRACE, type Session, type Upload } from "./session.ts";

const now = Date.UTC(2026, 10, 22, 12);
const upload: Upload = {
  ownerId: "ann",
  imageId: newImageId(now),
  contentType: "image/png",
  size: 10,
  tags: [],
  visibility: "private",
  expiresAt: now + 300_000,
  correlationId: "request-1",
};
const { ownerId, imageId, correlationId } = upload;

describe("calling an upload off", () => {
  it("is possible while it is awaited, even after its form ended", () => {
    const awaiting: Session = { ...upload, status: "awaiting" };
    expect(decideAbort(awaiting, now)).toEqual({ kind: "abort", upload: awaiting });
    expect(decideAbort(awaiting, upload.expiresAt + GRACE)).toEqual({
      kind: "abort",
      upload: awaiting,
    });
  });

  it.each<[string, Session | undefined]>([
    ["unknown", undefined],
    ["aborted", { ...upload, status: "aborted" }],
    [
      "deleted",
      {
        status: "deleted",
        ownerId,
        imageId,
        correlationId,
        originalDeletedAt: 1,
        confirmations: 1,
      },
    ],
  ])("finds nothing when the upload is %s", (_, session) => {
    expect(decideAbort(session, now)).toEqual({ kind: "not-found" });
  });

  it.each<["uploaded" | "rejected" | "expired", Session, number]>([
    [
      "uploaded",
      { ...upload, status: "uploaded", bucket: "b", versionId: "v", verifiedAt: now },
      now,
    ],
    [
      "rejected",
      { ...upload, status: "rejected", reason: { code: "c", message: "m" }, rejectedAt: now },
      now,
    ],
    ["expired", { ...upload, status: "awaiting" }, upload.expiresAt + GRACE + 1],
    ["expired", { ...upload, status: "expired" }, now],
  ])("conflicts with an upload that is %s", (status, session, at) => {
    expect(decideAbort(session, at)).toEqual({ kind: "conflict", status });
  });
});
