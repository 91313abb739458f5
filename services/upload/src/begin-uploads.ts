import { AppError } from "@shoebox/shared/errors";
import { newImageId } from "@shoebox/shared/ids";
import type { Logger } from "@shoebox/shared/log";
import { measure } from "@shoebox/shared/metrics";
import { MAX_OPEN } from "./adapters/sessions-table.ts";
import type { Acceptable } from "./api/announcement.ts";
import type { Begun, Duplicate } from "./api/begun.ts";
import type { Deps } from "./deps.ts";
import { isMultipart, PART_SIZE, partCount } from "./domain/part-plan.ts";
import { fitting, type Usage, usageOf } from "./domain/quota.ts";
import { formExpiry, keyOf, multipartExpiry, type Upload } from "./domain/session.ts";

export interface Caller {
  ownerId: string;
  correlationId: string;
  log: Logger;
  /** Bytes of a part, for a client that cuts its files by a plan of its own and sends all of them in parts. */
  partSize?: number;
}

/** What became of one announcement: how to send it, the image there is already, or why neither. */
type Outcome = { begun: Begun } | { duplicate: Duplicate } | { error: unknown };

/** A session that is ready to be written, and what its client is told once it is. */
interface Draft {
  upload: Upload;
  begun: Begun;
}

/** How often it is computed anew what fits, while other requests of the same user take from the quota. */
const ROUNDS = 5;

/** Begins one upload. @throws AppError why not */
export async function beginUpload(
  announcement: Acceptable,
  caller: Caller,
  deps: Deps,
): Promise<Begun | Duplicate> {
  const [outcome] = await beginUploads([announcement], caller, deps);
  if (!outcome) throw new Error("One announcement has one outcome.");
  if ("error" in outcome) throw outcome.error;
  return "begun" in outcome ? outcome.begun : outcome.duplicate;
}

/**
 * Begins uploads of one user, each for itself: what fails, fails alone. The outcomes are in the order
 * of the announcements.
 *
 * A multipart upload is begun at the store first and the session, which knows its id, written after:
 * a crash in between leaves a multipart upload without parts that nobody has a URL for. Sessions
 * and what they take from the quota are written together.
 */
export async function beginUploads(
  announcements: Acceptable[],
  caller: Caller,
  deps: Deps,
): Promise<Outcome[]> {
  const drafts = await Promise.all(
    announcements.map((announcement) =>
      draft(announcement, caller, deps).catch((error: unknown) => ({ error })),
    ),
  );
  const opened = await open(
    drafts.filter((one): one is Draft => "upload" in one),
    deps,
  );
  const outcomes = drafts.map((one): Outcome => {
    if (!("upload" in one)) return one;
    const error = opened.get(one);
    return error === undefined ? { begun: one.begun } : { error };
  });
  const accepted = outcomes.filter((outcome) => "begun" in outcome).length;
  if (accepted > 0) measure(caller.log, { UploadsAccepted: accepted });
  await Promise.all(
    drafts.map(async (one) => {
      if (!("upload" in one)) return;
      if (opened.has(one)) await forget(one.upload, deps, caller.log);
      else announce(one.upload, caller.log);
    }),
  );
  return outcomes;
}

async function draft(
  { partChecksums, ifDuplicate, ...announcement }: Acceptable,
  { ownerId, correlationId, partSize: wanted }: Caller,
  deps: Deps,
): Promise<Draft | { duplicate: Duplicate }> {
  const { size, sha256, contentType } = announcement;
  if (ifDuplicate === "return" && sha256 !== undefined) {
    const imageId = await deps.sessions.imageWith(ownerId, sha256);
    if (imageId !== undefined) return { duplicate: { imageId, duplicate: true } };
  }
  const at = deps.now();
  const partSize = wanted ?? (isMultipart(size) ? PART_SIZE : undefined);
  const upload: Upload = {
    ...announcement,
    ownerId,
    imageId: newImageId(at),
    expiresAt: partSize === undefined ? formExpiry(at) : multipartExpiry(at),
    correlationId,
  };
  const { imageId } = upload;
  const expiresAt = new Date(upload.expiresAt).toISOString();
  const object = { key: keyOf(upload), contentType, correlationId };
  if (partSize === undefined) {
    const form = await deps.postForms.sign({ ...object, size, sha256 }, at, upload.expiresAt);
    return { upload, begun: { imageId, method: "POST", ...form, expiresAt } };
  }
  const checksums = partChecksums !== undefined;
  const uploadId = await deps.multipartUploads.begin({ ...object, checksums });
  return {
    upload: { ...upload, multipart: { uploadId, partSize, checksums } },
    begun: {
      imageId,
      method: "MULTIPART",
      partSize,
      partCount: partCount(size, partSize),
      expiresAt,
    },
  };
}

/** Writes the sessions as far as the quota reaches; what it answers holds those that failed, with the reason. */
async function open(drafts: Draft[], deps: Deps): Promise<Map<Draft, unknown>> {
  const failed = new Map<Draft, unknown>();
  for (let from = 0; from < drafts.length; from += MAX_OPEN) {
    const some = drafts.slice(from, from + MAX_OPEN);
    try {
      for (const [one, error] of await openFitting(some, deps)) failed.set(one, error);
    } catch (error) {
      for (const one of some) failed.set(one, error);
    }
  }
  return failed;
}

async function openFitting(
  drafts: Draft[],
  { sessions, quota }: Deps,
): Promise<Map<Draft, unknown>> {
  const refused = new Map<Draft, unknown>();
  let uploads = drafts.map(({ upload }) => upload);
  for (let round = 0; round < ROUNDS; round++) {
    const [first, ...others] = uploads;
    if (!first || (await sessions.open([first, ...others], quota))) return refused;
    const used = await sessions.usage(first.ownerId);
    const fit = fitting(uploads, used, quota);
    const taken = usageOf([...fit]);
    const error = quotaExceeded(
      { bytes: used.bytes + taken.bytes, images: used.images + taken.images },
      quota,
    );
    uploads = [...fit];
    for (const one of drafts) if (!fit.has(one.upload)) refused.set(one, error);
  }
  throw new AppError("unavailable", "Too many uploads begin at the same time; try again.", {
    headers: { "Retry-After": "1" },
  });
}

function quotaExceeded(used: Usage, limit: Usage): AppError {
  const bytes = Math.max(limit.bytes - used.bytes, 0);
  const images = Math.max(limit.images - used.images, 0);
  return new AppError(
    "quota-exceeded",
    `${bytes} of ${limit.bytes} bytes and ${images} of ${limit.images} images are left.`,
    {
      members: {
        quota: {
          bytes: { used: used.bytes, limit: limit.bytes },
          images: { used: used.images, limit: limit.images },
        },
      },
    },
  );
}

function announce({ imageId, contentType, size }: Upload, log: Logger): void {
  log.info({ imageId, contentType, size }, "an upload is awaited");
}

/** A multipart upload whose session was not written. It has no parts; if this fails too, the bucket's lifecycle ends it. */
async function forget(upload: Upload, deps: Deps, log: Logger): Promise<void> {
  if (!upload.multipart) return;
  try {
    await deps.multipartUploads.abort(keyOf(upload), upload.multipart.uploadId);
  } catch (error) {
    log.warn({ err: error, imageId: upload.imageId }, "an empty multipart upload is left behind");
  }
}
