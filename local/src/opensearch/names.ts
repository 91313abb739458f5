import { OpenSearchError } from "./errors.ts";

/** A test of names for a pattern with `*`, or `_all`. */
export function matcher(pattern: string): (name: string) => boolean {
  if (pattern === "_all") return () => true;
  if (!pattern.includes("*")) return (name) => name === pattern;
  const source = pattern.split("*").map((part) => part.replace(/[.+^${}()|[\]\\?]/g, "\\$&"));
  const regex = new RegExp(`^${source.join(".*")}$`, "s");
  return (name) => regex.test(name);
}

function invalid(name: string, why: string): OpenSearchError {
  return new OpenSearchError(400, {
    type: "invalid_index_name_exception",
    reason: `Invalid index name [${name}], ${why}`,
    index: name,
    index_uuid: "_na_",
  });
}

/** Refuses what OpenSearch does not take as the name of an index. */
export function checkIndexName(name: string): void {
  if (name !== name.toLowerCase()) throw invalid(name, "must be lowercase");
  if (/^[_\-+]/.test(name)) throw invalid(name, "must not start with '_', '-', or '+'");
  if (/[\\/*?"<>| ,#:]/.test(name)) {
    throw invalid(
      name,
      'must not contain the following characters [ , ", *, \\, <, |, ,, >, /, ?]',
    );
  }
  if (name === "." || name === "..") throw invalid(name, "must not be '.' or '..'");
  if (Buffer.byteLength(name) > 255) {
    throw invalid(name, `index name is too long, (${Buffer.byteLength(name)} > 255)`);
  }
}
