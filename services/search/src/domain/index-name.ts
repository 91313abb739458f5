/** The name that is searched; it leads to one index at a time. */
export const READ_ALIAS = "images";
/** The names that are written to: each index that takes live events has one of its own. */
export const WRITE_ALIASES = "images-write-*";

/** An index of a schema: the first of a cluster, or the one that a rebuild fills. */
export function indexName(schema: number, generation: string): string {
  return `images-v${schema}-${generation}`;
}

/** `images-v3-first` is written to by `images-write-v2-first`, and no other index by that name. */
export function writeAliasOf(index: string): string {
  return index.replace(/^images-/, "images-write-");
}

/** The number of the schema that an index, or its write alias, was made with. */
export function schemaOf(name: string): number {
  return Number(/-v(\d+)(-|$)/.exec(name)?.[1]);
}
