import { type Client, errors } from "@opensearch-project/opensearch";
import type { Document } from "../domain/document.ts";
import {
  indexName,
  READ_ALIAS,
  schemaOf,
  WRITE_ALIASES,
  writeAliasOf,
} from "../domain/index-name.ts";
import { type Applied, type BulkItem, outcomeOf } from "./bulk-outcome.ts";
import { type IndexSize, indexBody, SCHEMA } from "./index-definition.ts";

export interface IndexWriter {
  /**
   * The write aliases of all indexes that take live events, asked of the cluster each time: a rebuild
   * adds one and takes one away, and there is no second place that says which. The first index comes
   * into being here.
   */
  liveTargets(): Promise<string[]>;
  /**
   * Applies documents to each of the targets (write aliases), newest version wins; one result for
   * each document, in order. Throws when the engine can't be reached or is overloaded as a whole.
   */
  apply(targets: string[], documents: Document[]): Promise<Applied[]>;
}

/** Of an item's answer, what decides about it: the whole of it is five times as long. */
const LOOKED_AT = ["status", "result", "error"].map((name) => `items.index.${name}`);

/** An index needs no longer name than this: there is one first of them in a cluster. */
const FIRST = "first";

export function createIndexWriter(client: Client, size: IndexSize): IndexWriter {
  const fieldsOf = new Map<string, Set<string>>();

  /** The fields that an index takes; undefined for one that was made by this very definition. */
  async function limitOf(target: string): Promise<Set<string> | undefined> {
    if (schemaOf(target) === SCHEMA) return undefined;
    const known = fieldsOf.get(target);
    if (known) return known;
    const { body } = await client.indices.getMapping({ index: target }, { ignore: [404] });
    const [index] = Object.values(body);
    const fields = new Set(Object.keys(index?.mappings?.properties ?? {}));
    // An index never loses a field, and this one gets none that it has not.
    if (index) fieldsOf.set(target, fields);
    return fields;
  }

  async function bulk(targets: string[], documents: Document[]): Promise<BulkItem[][]> {
    const limits = await Promise.all(targets.map(limitOf));
    const lines = documents.flatMap((document) =>
      targets.flatMap((target, position) => [
        {
          index: {
            _index: target,
            // An index that was dropped a moment ago may not come back with a mapping that is guessed.
            require_alias: true,
            _id: document.imageId,
            version: document.version,
            version_type: "external" as const,
          },
        },
        within(document, limits[position]),
      ]),
    );
    const { body } = await client.bulk({ body: lines, filter_path: LOOKED_AT });
    const items = body.items as { index?: BulkItem }[];
    return documents.map((_, position) =>
      targets.map(
        (_, offset) => items[position * targets.length + offset]?.index ?? { status: 500 },
      ),
    );
  }

  /** A request that the engine refuses as a whole may have one bad document: each is tried alone. */
  async function apply(targets: string[], documents: Document[]): Promise<Applied[]> {
    if (documents.length === 0) return [];
    try {
      return (await bulk(targets, documents)).map(outcomeOf);
    } catch (error) {
      const reason = refusal(error);
      if (reason === undefined) throw error;
      if (documents.length === 1) return [{ kind: "refused", reason }];
      const middle = Math.ceil(documents.length / 2);
      const halves = [documents.slice(0, middle), documents.slice(middle)];
      return (await Promise.all(halves.map((half) => apply(targets, half)))).flat();
    }
  }

  return {
    apply,
    async liveTargets() {
      const targets = await writeAliases(client);
      if (targets.length > 0) return targets;
      await createFirst(client, size);
      return writeAliases(client);
    },
  };
}

async function writeAliases(client: Client): Promise<string[]> {
  const { body } = await client.indices.getAlias({ name: WRITE_ALIASES }, { ignore: [404] });
  return Object.values(body).flatMap((index) => Object.keys(index.aliases ?? {}));
}

/** An index and its names come into being in one step; that another process was faster is as good. */
async function createFirst(client: Client, size: IndexSize): Promise<void> {
  const { body } = await client.indices.getAlias({ name: READ_ALIAS }, { ignore: [404] });
  const [old] = Object.entries(body).flatMap(([name, { aliases }]) => (aliases ? [name] : []));
  if (old) {
    // Made before indexes had names to write to.
    await client.indices.putAlias({ index: old, name: writeAliasOf(old) });
    return;
  }
  const index = indexName(SCHEMA, FIRST);
  try {
    await client.indices.create({
      index,
      body: { ...indexBody(size), aliases: { [READ_ALIAS]: {}, [writeAliasOf(index)]: {} } },
    });
  } catch (error) {
    const type = error instanceof errors.ResponseError ? error.body?.error?.type : undefined;
    if (type !== "resource_already_exists_exception") throw error;
  }
}

function within(document: Document, fields: Set<string> | undefined): object {
  if (!fields) return document;
  return Object.fromEntries(Object.entries(document).filter(([name]) => fields.has(name)));
}

/** Why the engine will never take the request; undefined when it may another time. */
function refusal(error: unknown): string | undefined {
  if (!(error instanceof errors.ResponseError)) return undefined;
  const status = error.statusCode ?? 0;
  if (status !== 400 && status !== 413) return undefined;
  return `the engine refused the request: ${status} ${error.message}`;
}
