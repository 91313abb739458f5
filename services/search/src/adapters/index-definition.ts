import type { Indices_Create_RequestBody } from "@opensearch-project/opensearch/api/index.js";

/**
 * The number of the definition below and of what a picture's text becomes in it (`imageDocument`), and a
 * part of every index's name. A change of either is a new number (a test holds each to what it was frozen
 * as), and comes into use by a rebuild.
 */
export const SCHEMA = 3;

/** What an environment decides about its indexes. It changes nothing of what they answer. */
export interface IndexSize {
  /** Parts that an index is divided into; AWS advises 10 to 50 GB for each. */
  shards: number;
  /** Further copies of each part, for nodes and zones that fail. */
  replicas: number;
}

/**
 * The index of pictures. Strict: a document with a field nobody thought of is refused, not guessed
 * at. `words` holds what is searched by word (caption, file name and tags together), `image` is the
 * picture as the catalog published it, which is answered and not searched.
 */
export const definition: Indices_Create_RequestBody = {
  settings: {
    index: { refresh_interval: "1s" },
    analysis: {
      analyzer: {
        words: { type: "custom", tokenizer: "standard", filter: ["lowercase", "asciifolding"] },
      },
    },
  },
  mappings: {
    dynamic: "strict",
    properties: {
      imageId: { type: "keyword" },
      ownerId: { type: "keyword" },
      version: { type: "long" },
      // Of live pictures alone, so that its sum over an owner is what the catalog says of him.
      checksum: { type: "long" },
      deleted: { type: "boolean" },
      status: { type: "keyword" },
      visibility: { type: "keyword" },
      tags: { type: "keyword" },
      words: { type: "text", analyzer: "words" },
      uploadedAt: { type: "date" },
      takenAt: { type: "date" },
      image: { type: "object", enabled: false },
    },
  },
};

/** What is slower than this is logged by the engine, with what was asked; it changes nothing of what is answered. */
const SLOW = {
  search: { slowlog: { threshold: { query: { warn: "1s" }, fetch: { warn: "500ms" } } } },
  indexing: { slowlog: { threshold: { index: { warn: "1s" } } } },
};

/** What an index is made with. */
export function indexBody({ shards, replicas }: IndexSize): Indices_Create_RequestBody {
  const size = { number_of_shards: shards, number_of_replicas: replicas };
  const index = { ...definition.settings?.index, ...size, ...SLOW };
  return { ...definition, settings: { ...definition.settings, index } };
}
