/** A value as DynamoDB's protocol writes it: `{S: "a"}`, `{N: "1"}`, `{M: {…}}`. */
export type Value = Record<string, unknown>;
export type Item = Record<string, Value>;

function typeOf(value: Value): string {
  return Object.keys(value)[0] ?? "";
}

export function isEqual(a: Value | undefined, b: Value | undefined): boolean {
  if (!a || !b) return a === b;
  const type = typeOf(a);
  if (type !== typeOf(b)) return false;
  if (type === "N") return Number(a.N) === Number(b.N);
  return JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));
}

/** Less than, equal or greater as a number; undefined for what has no order between it. */
export function compare(a: Value | undefined, b: Value | undefined): number | undefined {
  if (!a || !b || typeOf(a) !== typeOf(b)) return undefined;
  if ("N" in a) return Number(a.N) - Number(b.N);
  if ("S" in a) return Buffer.compare(Buffer.from(String(a.S)), Buffer.from(String(b.S)));
  if ("B" in a) {
    return Buffer.compare(Buffer.from(String(a.B), "base64"), Buffer.from(String(b.B), "base64"));
  }
  return undefined;
}

/** The order of the members of a map, and of a set, says nothing. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [
        name,
        /^(SS|NS|BS)$/.test(name) ? [...(inner as string[])].sort() : canonical(inner),
      ]),
  );
}
