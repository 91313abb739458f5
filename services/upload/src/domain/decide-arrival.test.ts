import { newImageId } from "@shoebox/shared/ids";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Arrival, type ArrivedObject, decideArrival, needsDigest } from "./decide-arrival.ts";
import { type Scan, scanOf } from "./scan.ts";
import { GRACE, keyOf, type Session, type Upload } from "./session.ts";

const now = Date.UTC(2026, 10, 22, 12);
const sha256 = Buffer.alloc(32, 7).toString("base64");
const upload: Upload = {
  ownerId: "ann",
  imageId: newImageId(now),
  contentType: "image/jpeg",
  size: 1000,
  tags: [],
  visibility: "private",
  expiresAt: now + 300_000,
  correlationId: "request-1",
};
const awaiting: Session = { ...upload, status: "awaiting" };
const uploaded: Session = {
  ...upload,
  status: "uploaded",
  bucket: "originals",
  versionId: "v1",
  verifiedAt: now,
};
const good: ArrivedObject = {
  arrivedAt: now,
  size: 1000,
  contentType: "image/jpeg",
  sha256: undefined,
  detectedType: "image/jpeg",
};
const arrival = (object?: ArrivedObject, versionId = "v1", scan: Scan = "clean"): Arrival => ({
  key: keyOf(upload),
  versionId,
  object,
  scan,
});
const reasonOf = (session: Session, object: ArrivedObject) => {
  const decision = decideArrival(session, arrival(object));
  return decision.kind === "reject" ? decision.reason.code : decision.kind;
};

describe("an object that arrives", () => {
  it("is accepted when it is what was announced", () => {
    expect(decideArrival(awaiting, arrival(good))).toEqual({ kind: "accept", upload: awaiting });
  });

  it("is accepted when the store took it within the grace after the form ended, not later", () => {
    const last = upload.expiresAt + GRACE;
    const at = (arrivedAt: number) => decideArrival(awaiting, arrival({ ...good, arrivedAt }));
    expect(at(last).kind).toBe("accept");
    expect(at(last + 1)).toEqual({ kind: "discard", why: "arrived too late" });
  });

  it("is in time whatever its date when it was made of parts, which only we complete", () => {
    const multipart = { uploadId: "u", partSize: 1, checksums: false };
    const object = { ...good, arrivedAt: upload.expiresAt + 10 * GRACE };
    expect(decideArrival({ ...awaiting, multipart }, arrival(object)).kind).toBe("accept");
  });

  it("has its bytes read when they were announced and the store does not know their checksum", () => {
    const announced = { ...awaiting, sha256 };
    expect(needsDigest(announced, good, "clean")).toBe(true);
    expect(needsDigest(announced, { ...good, sha256 }, "clean")).toBe(false);
    expect(needsDigest(awaiting, good, "clean")).toBe(false);
    expect(needsDigest(undefined, good, "clean")).toBe(false);
    expect(needsDigest({ ...uploaded, sha256 }, good, "clean")).toBe(false);
    // It is not decided about yet.
    expect(needsDigest(announced, good, "awaited")).toBe(false);
    // It is rejected for its size anyway.
    expect(needsDigest(announced, { ...good, size: 1 }, "clean")).toBe(false);
  });

  it("is rejected when it has another size", () => {
    expect(reasonOf(awaiting, { ...good, size: 999 })).toBe("size-mismatch");
    expect(reasonOf(awaiting, { ...good, size: 0, detectedType: undefined })).toBe("size-mismatch");
  });

  it("is rejected when it was sent as another type", () => {
    expect(reasonOf(awaiting, { ...good, contentType: "image/png" })).toBe("content-type-mismatch");
    expect(reasonOf(awaiting, { ...good, contentType: undefined })).toBe("content-type-mismatch");
  });

  it.each(["image/png", "image/gif", "application/pdf", undefined])(
    "is rejected when its bytes are %s under the name of a JPEG",
    (detectedType) => {
      expect(reasonOf(awaiting, { ...good, detectedType })).toBe("type-mismatch");
    },
  );

  it("may be an animated PNG where a PNG was announced, and nowhere else", () => {
    const png = { ...good, contentType: "image/png", detectedType: "image/apng" };
    const session: Session = { ...awaiting, contentType: "image/png" };
    expect(decideArrival(session, { ...arrival(png), key: keyOf(session) }).kind).toBe("accept");
    expect(reasonOf(awaiting, { ...good, detectedType: "image/apng" })).toBe("type-mismatch");
  });

  it("is rejected when its checksum is another or missing, if one was announced", () => {
    const session = { ...awaiting, sha256 };
    expect(reasonOf(session, { ...good, sha256 })).toBe("accept");
    expect(reasonOf(session, { ...good, sha256: `A${sha256.slice(1)}` })).toBe("checksum-mismatch");
    expect(reasonOf(session, good)).toBe("checksum-mismatch");
  });

  it("changes nothing when it is the version that was accepted", () => {
    expect(decideArrival(uploaded, arrival(good)).kind).toBe("ignore");
    expect(decideArrival(uploaded, arrival(undefined)).kind).toBe("ignore");
  });

  it("is discarded when another version was accepted", () => {
    expect(decideArrival(uploaded, arrival(good, "v2")).kind).toBe("discard");
  });

  it.each<[string, Session | undefined]>([
    ["unknown", undefined],
    ["aborted", { ...upload, status: "aborted" }],
    ["expired", { ...upload, status: "expired" }],
    [
      "rejected",
      { ...upload, status: "rejected", reason: { code: "c", message: "m" }, rejectedAt: now },
    ],
    [
      "deleted",
      {
        status: "deleted",
        ownerId: "ann",
        imageId: upload.imageId,
        originalDeletedAt: now,
        confirmations: 1,
        correlationId: "request-1",
      },
    ],
  ])("is discarded when its upload is %s, also when it comes again", (_, session) => {
    expect(decideArrival(session, arrival(good)).kind).toBe("discard");
    expect(decideArrival(session, arrival(undefined)).kind).toBe("discard");
  });

  it("is discarded under a key that is not its upload's", () => {
    const elsewhere = { ...arrival(good), key: keyOf(upload).replace(".jpg", ".png") };
    expect(decideArrival(awaiting, elsewhere).kind).toBe("discard");
    expect(decideArrival(uploaded, elsewhere).kind).toBe("discard");
  });

  it("leaves the upload awaited when it is gone before it was looked at", () => {
    expect(decideArrival(awaiting, arrival(undefined)).kind).toBe("ignore");
  });
});

describe("any number of objects on one key, whose events come twice, in any order, over crashes", () => {
  const version = fc.record({ good: fc.boolean() });
  const delivery = fc.record({ version: fc.nat(4), crash: fc.boolean() });

  it("end as one accepted version or none, and no other version is left", () => {
    fc.assert(
      fc.property(
        fc.array(version, { minLength: 1, maxLength: 5 }),
        fc.array(delivery, { maxLength: 20 }),
        (versions, deliveries) => {
          const bucket = new Set(versions.keys());
          let session: Session = awaiting;
          const accepted: string[] = [];
          const deliver = (index: number, crash: boolean) => {
            const versionId = `v${index}`;
            const size = versions[index]?.good ? 1000 : 1;
            const object = bucket.has(index) ? { ...good, size } : undefined;
            const decision = decideArrival(session, arrival(object, versionId));
            if (decision.kind === "accept") {
              session = { ...uploaded, versionId };
              accepted.push(versionId);
            }
            if (decision.kind === "reject") {
              session = { ...upload, status: "rejected", reason: decision.reason, rejectedAt: now };
              if (!crash) bucket.delete(index);
            }
            if (decision.kind === "discard" && !crash) bucket.delete(index);
          };
          for (const { version, crash } of deliveries) deliver(version % versions.length, crash);
          // What crashed is delivered again, and every event comes at least once.
          for (const index of versions.keys()) deliver(index, false);

          expect(accepted.length).toBeLessThanOrEqual(1);
          expect([...bucket].map((index) => `v${index}`)).toEqual(accepted);
        },
      ),
    );
  });
});

describe("where a scanner watches the bucket, an object that is what was announced", () => {
  const decide = (scan: Scan, session: Session = awaiting) =>
    decideArrival(session, arrival(good, "v1", scan));

  it("waits for the result, and is accepted when it is clean", () => {
    expect(decide("awaited")).toEqual({ kind: "ignore", why: "its scan is awaited" });
    expect(decide("clean").kind).toBe("accept");
  });

  it.each([
    ["infected", "infected"],
    ["unscannable", "not-scanned"],
  ] as const)("is rejected with a reason when it is %s", (scan, code) => {
    expect(decide(scan)).toMatchObject({ kind: "reject", reason: { code } });
  });

  it("has its checksum looked at when it is found clean, not before: then nobody knows it", () => {
    const announced: Session = { ...awaiting, sha256 };
    expect(decide("awaited", announced).kind).toBe("ignore");
    expect(decide("clean", announced)).toMatchObject({ reason: { code: "checksum-mismatch" } });
  });

  it("is not waited for when it is another size or type than announced", () => {
    const wrong = arrival({ ...good, size: 1 }, "v1", "awaited");
    expect(decideArrival(awaiting, wrong)).toMatchObject({ reason: { code: "size-mismatch" } });
  });
});

describe("a scan's result", () => {
  it("proves that a file is clean by one word alone", () => {
    fc.assert(
      fc.property(fc.string(), (word) => {
        expect(scanOf(word) === "clean").toBe(word === "NO_THREATS_FOUND");
      }),
    );
    expect(scanOf("NO_THREATS_FOUND")).toBe("clean");
    expect(scanOf("THREATS_FOUND")).toBe("infected");
    for (const word of ["UNSUPPORTED", "ACCESS_DENIED", "FAILED", "SOMETHING_NEW", ""]) {
      expect(scanOf(word)).toBe("unscannable");
    }
    expect(scanOf(undefined)).toBe("awaited");
  });
});
