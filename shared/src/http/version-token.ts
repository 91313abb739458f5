import { z } from "zod";
import { AppError } from "../errors.ts";
import { ImageId } from "../image.ts";
import { seal, unseal } from "./seal.ts";

/** The header in which the catalog hands it out. */
export const VERSION_TOKEN = "Version-Token";

const Content = z.tuple([ImageId, z.number().int().positive()]);
const scopeOf = (ownerId: string) => ["version-token", ownerId];

/** One version of an image: what a search has to know before it may answer who wrote it. */
export interface ImageVersion {
  imageId: string;
  version: number;
}

/**
 * A version of an image as the opaque token with which its owner asks a search to wait for it. It
 * grants nothing: a search waits for the caller's own images only, whatever a token says.
 */
export function versionToken({ imageId, version }: ImageVersion, ownerId: string): string {
  return seal([imageId, version], scopeOf(ownerId));
}

/** The version that a token of this owner names; 400 for a damaged one and for one of somebody else. */
export function parseVersionToken(token: string, ownerId: string, field: string): ImageVersion {
  const content = Content.safeParse(unseal(token, scopeOf(ownerId)));
  if (content.success) return { imageId: content.data[0], version: content.data[1] };
  throw new AppError("invalid-request", `Not valid: ${field}.`, {
    fields: [{ field, message: `take it unchanged from a ${VERSION_TOKEN} header of your own` }],
  });
}
