/** The ETag of an image is its version: strong, since a version never has two contents. */
export const etagOf = (version: number): string => `"${version}"`;

/** RFC 9110 §13.1.1: `*`, or one of the list by strong comparison (a weak one never matches). Absent means any. */
export function ifMatch(header: string | undefined): (version: number) => boolean {
  if (header === undefined) return () => true;
  const wanted = entries(header);
  return (version) => wanted.includes("*") || wanted.includes(etagOf(version));
}

/** RFC 9110 §13.1.2: true when what the client has is still right (weak comparison). */
export function notModified(header: string | undefined, version: number): boolean {
  if (header === undefined) return false;
  const known = entries(header).map((entry) => entry.replace(/^W\//, ""));
  return known.includes("*") || known.includes(etagOf(version));
}

function entries(header: string): string[] {
  return header.split(",").map((entry) => entry.trim());
}
