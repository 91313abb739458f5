import { type Client, errors } from "@opensearch-project/opensearch";
import type { ImageState } from "@shoebox/shared/events/catalog";
import type { Document } from "../domain/document.ts";
import { type SearchRequest, searchBody } from "../domain/query.ts";
import { ALIAS, definition, INDEX } from "./index-definition.ts";

export interface SearchResult {
  total: number;
  hits: { image: ImageState; sort: unknown[] }[];
  facets: Partial<Record<"tags" | "months", { key: string; count: number }[]>>;
}

/** What became of one document: in the index (or a newer one is), or refused with a reason. */
export type Applied = { ok: true } | { ok: false; reason: string };

export interface ImagesIndex {
  /** Applies documents, newest version wins; one result for each, in order. Throws when the engine can't be reached. */
  apply(documents: Document[]): Promise<Applied[]>;
  search(request: SearchRequest, userId: string): Promise<SearchResult>;
}

interface BulkItem {
  status: number;
  error?: { type: string; reason?: string; caused_by?: { reason?: string } };
}

const CONFLICT = 409;
/** The engine is busy, not the document wrong: it is tried again. */
const BUSY = new Set([429, 503]);

export function createImagesIndex(client: Client): ImagesIndex {
  let ready: Promise<void> | undefined;

  /** Once per process; a failure is not remembered. */
  function ensureIndex(): Promise<void> {
    ready ??= createIndex(client).catch((error: unknown) => {
      ready = undefined;
      throw error;
    });
    return ready;
  }

  return {
    async apply(documents) {
      if (documents.length === 0) return [];
      await ensureIndex();
      const body = documents.flatMap((document) => [
        {
          index: {
            _index: ALIAS,
            _id: document.imageId,
            version: document.version,
            version_type: "external" as const,
          },
        },
        document,
      ]);
      const answer = await client.bulk({ body });
      const items = answer.body.items as { index?: BulkItem }[];
      return documents.map((_, position) => outcome(items[position]?.index));
    },

    async search(request, userId) {
      try {
        const answer = await client.search({ index: ALIAS, body: searchBody(request, userId) });
        return toResult(answer.body as unknown as SearchAnswer);
      } catch (error) {
        // Before the first picture there is no index, and nothing to be found.
        if (isMissingIndex(error)) return { total: 0, hits: [], facets: {} };
        throw error;
      }
    },
  };
}

/** The index and its alias come into being in one step; that another process was faster is as good. */
async function createIndex(client: Client): Promise<void> {
  const existing = await client.indices.existsAlias({ name: ALIAS });
  if (existing.body) return;
  try {
    await client.indices.create({
      index: INDEX,
      body: { ...definition, aliases: { [ALIAS]: {} } },
    });
  } catch (error) {
    const type = error instanceof errors.ResponseError ? error.body?.error?.type : undefined;
    if (type !== "resource_already_exists_exception") throw error;
  }
}

function outcome(item: BulkItem | undefined): Applied {
  if (!item) return { ok: false, reason: "the engine did not answer for this document" };
  // A newer version is there already: what was to be achieved.
  if (item.status < 300 || item.status === CONFLICT) return { ok: true };
  const { type, reason, caused_by: cause } = item.error ?? { type: `status ${item.status}` };
  const kind = BUSY.has(item.status) ? "the engine is busy" : "the engine refused the document";
  return { ok: false, reason: `${kind}: ${type}: ${reason ?? ""} ${cause?.reason ?? ""}`.trim() };
}

interface SearchAnswer {
  hits: {
    total: { value: number };
    hits: { _source: { image: ImageState }; sort: unknown[] }[];
  };
  aggregations?: Record<
    "tags" | "months",
    { buckets: { key: string | number; key_as_string?: string; doc_count: number }[] } | undefined
  >;
}

function toResult(answer: SearchAnswer): SearchResult {
  const facet = (name: "tags" | "months") =>
    answer.aggregations?.[name]?.buckets.map((bucket) => ({
      key: bucket.key_as_string ?? String(bucket.key),
      count: bucket.doc_count,
    }));
  return {
    total: answer.hits.total.value,
    hits: answer.hits.hits.map((hit) => ({ image: hit._source.image, sort: hit.sort })),
    facets: { tags: facet("tags"), months: facet("months") },
  };
}

function isMissingIndex(error: unknown): boolean {
  return (
    error instanceof errors.ResponseError && error.body?.error?.type === "index_not_found_exception"
  );
}
