/** Whether the first media type of a header value is one of the API's binary types; `*` and `*` with slash match all. */
export function isBinary(value: string | undefined, binaryMediaTypes: string[]): boolean {
  if (binaryMediaTypes.includes("*/*")) return true;
  const first = value?.split(/[;,]/, 1)[0]?.trim().toLowerCase();
  return binaryMediaTypes.some((type) => type.toLowerCase() === first);
}
