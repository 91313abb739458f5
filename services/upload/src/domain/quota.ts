import type { Session } from "./session.ts";

/** What somebody's uploads take, or may take at most. */
export interface Usage {
  bytes: number;
  images: number;
}

/** A quota counted anew, beside what was noted. */
export interface Recount {
  noted: Usage;
  counted: Usage;
  /** How often the quota had changed when it was counted; undefined for one that was never counted. */
  changes: number | undefined;
}

/** A session holds its part of the quota from its beginning until it ends without an image or its image is deleted. */
export function holdsQuota(
  session: Session,
): session is Extract<Session, { status: "awaiting" | "uploaded" }> {
  return session.status === "awaiting" || session.status === "uploaded";
}

/** What uploads of these sizes (bytes) take together. */
export function usageOf(uploads: { size: number }[]): Usage {
  return { bytes: uploads.reduce((sum, { size }) => sum + size, 0), images: uploads.length };
}

/**
 * Which of several uploads fit into what is left, each in its turn: one that is too large does not
 * keep a smaller one out that comes after it.
 */
export function fitting<T extends { size: number }>(
  uploads: T[],
  used: Usage,
  limit: Usage,
): Set<T> {
  const fit = new Set<T>();
  let { bytes, images } = used;
  for (const upload of uploads) {
    if (images + 1 > limit.images || bytes + upload.size > limit.bytes) continue;
    fit.add(upload);
    bytes += upload.size;
    images += 1;
  }
  return fit;
}
