/** What a file is by its first bytes, as the service will look at it, or else what it says it is. */
export async function contentTypeOf(file: Blob): Promise<string> {
  const start = String.fromCharCode(...new Uint8Array(await file.slice(0, 12).arrayBuffer()));
  if (start.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (start.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (start.startsWith("RIFF") && start.endsWith("WEBP")) return "image/webp";
  return file.type || "application/octet-stream";
}
