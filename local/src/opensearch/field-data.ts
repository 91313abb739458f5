import { shardFailure } from "./errors.ts";
import type { Field } from "./mapping.ts";
import type { Snapshot } from "./snapshot.ts";

/** The field that a sort or an aggregation reads, undefined when unmapped. @throws for fields without doc values. */
export function fieldWithValues(
  snapshot: Snapshot,
  index: string,
  path: string,
): Field | undefined {
  const field = snapshot.schema.fields.get(path);
  if (!field || field.docValues) return field;
  const reason =
    field.type === "text"
      ? `Text fields are not optimised for operations that require per-document field data like aggregations and sorting, so these operations are disabled by default. Please use a keyword field instead. Alternatively, set fielddata=true on [${path}] in order to load field data by uninverting the inverted index. Note that this can use significant memory.`
      : `Can't load fielddata on [${path}] because fielddata is unsupported on fields of type [${field.type}]. Use doc values instead.`;
  throw shardFailure(index, { type: "illegal_argument_exception", reason });
}
