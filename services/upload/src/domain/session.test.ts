import { newImageId } from "@shoebox/shared/ids";
import { describe, expect, it } from "vitest";
import {
  createdAt,
  forgottenAt,
  formExpiry,
  GRACE,
  keyOf,
  multipartExpiry,
  partUrlExpiry,
  type Session,
  statusOf,
} from "./session.ts";

const now = Date.UTC(2026, 10, 22, 12);
const awaiting: Session = {
  status: "awaiting",
  ownerId: "ann",
  imageId: newImageId(now),
  contentType: "image/webp",
  size: 10,
  tags: [],
  visibility: "private",
  expiresAt: formExpiry(now),
  correlationId: "request-1",
};

describe("a session", () => {
  it("is awaited until an hour after its form ended, and expired from then on", () => {
    expect(statusOf(awaiting, awaiting.expiresAt + GRACE)).toBe("awaiting");
    expect(statusOf(awaiting, awaiting.expiresAt + GRACE + 1)).toBe("expired");
  });

  it("never expires once it is decided", () => {
    const far = now + 1e12;
    expect(statusOf({ ...awaiting, status: "aborted" }, far)).toBe("aborted");
    const uploaded = { ...awaiting, status: "uploaded", bucket: "b", versionId: "v" } as const;
    expect(statusOf({ ...uploaded, verifiedAt: now }, far)).toBe("uploaded");
  });

  it("has a form of five minutes that ends on a full second", () => {
    expect(formExpiry(now + 999)).toBe(now + 300_000);
  });

  it("has a day when it is sent in parts, and its URLs an hour of it", () => {
    const expiresAt = multipartExpiry(now + 999);
    expect(expiresAt).toBe(now + 86_400_000);
    expect(partUrlExpiry({ ...awaiting, expiresAt }, now + 999)).toBe(now + 3_600_000);
    expect(partUrlExpiry({ ...awaiting, expiresAt }, expiresAt - 1000)).toBe(expiresAt);
  });

  it("is forgotten later than any queue could still speak of it", () => {
    expect(forgottenAt(now)).toBe(now / 1000 + 30 * 86_400);
  });

  it("was accepted at the time inside its id", () => {
    expect(createdAt(awaiting)).toBe(now);
  });

  it("has a key that names its owner, its image and its type", () => {
    expect(keyOf(awaiting)).toBe(`originals/YW5u/${awaiting.imageId}.webp`);
  });
});
