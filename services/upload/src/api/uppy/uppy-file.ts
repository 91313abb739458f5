import { AppError } from "@shoebox/shared/errors";
import { invalidRequest } from "@shoebox/shared/http/invalid-request";
import { type Acceptable, Announcement, acceptable } from "../announcement.ts";

/** A file as Uppy tells of it. */
interface UppyFile {
  filename?: string;
  type?: string;
  /** Whatever an application has attached to the file, and what Uppy itself does. */
  metadata: Record<string, unknown>;
}

/** The parts of a file's metadata that mean something here; all others are the application's own. */
const READ = ["caption", "visibility", "takenAt"];

/**
 * The announcement that a file's metadata makes. Uppy itself does not say how large a file is, and
 * without its size neither a form nor a quota can hold an upload to it: the application puts it into the
 * metadata, one line that the refusal names.
 *
 * @throws AppError 400, 413, 415
 */
export function announcementOf({ filename, type, metadata }: UppyFile): Acceptable {
  const size = present(metadata.size);
  if (size === undefined) {
    const line = 'uppy.on("file-added", ({ id, size }) => uppy.setFileMeta(id, { size }))';
    throw new AppError("invalid-request", `Uppy has to tell the file's size: ${line}`, {
      fields: [{ field: "metadata[size]", message: "is missing" }],
    });
  }
  const read = Announcement.safeParse({
    contentType: type ?? "",
    size: Number(size),
    fileName: filename,
    tags: tagsOf(present(metadata.tags)),
    ...Object.fromEntries(READ.map((name) => [name, present(metadata[name])])),
  });
  if (!read.success) throw invalidRequest(read.error);
  return acceptable(read.data);
}

/** Uppy writes everything as text, also what is not there. */
function present(value: unknown): unknown {
  return value === null || value === "" || value === "null" || value === "undefined"
    ? undefined
    : value;
}

/** A list stays one where Uppy sends JSON, and becomes text with commas where it is part of an address. */
function tagsOf(tags: unknown): unknown {
  return typeof tags === "string"
    ? tags
        .split(",")
        .map((tag) => tag.trim())
        .filter((tag) => tag !== "")
    : tags;
}
