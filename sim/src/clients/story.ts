import type { Picture } from "./pictures.ts";

/** A change that a client asked for. */
export interface Edit {
  caption: string;
  tags: string[];
  /** The version that it made, as far as the client was told; undefined when no answer came. */
  version: number | undefined;
  /** The service said that it did nothing. */
  refused: boolean;
}

/** What the clients know of one image whose upload was accepted. */
export interface Story {
  imageId: string;
  /** How the trace calls it. */
  name: string;
  ownerId: string;
  tags: string[];
  visibility: "private" | "public";
  /** What the object store took by this upload's form, in order. */
  arrived: { picture: Picture; versionId: string }[];
  edits: Edit[];
  /** Somebody asked to call it off, or to delete it. */
  abortAsked: boolean;
  deleteAsked: boolean;
  /** A deletion was answered, or the image was not found any more: from now on it is gone. */
  gone: boolean;
  /** The newest version that anybody was shown. */
  seen: number;
  visibleOnce: boolean;
}
