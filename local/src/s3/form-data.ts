import { ByteReader } from "./byte-reader.ts";
import { preconditionFailed, S3Error } from "./s3-error.ts";

export interface FormPart {
  name: string;
  fileName: string | undefined;
  contentType: string | undefined;
  /** Has to be read to its end before the next part. */
  content: AsyncIterable<Buffer>;
}

const MAX_HEADERS = 16 * 1024;

/**
 * Streams the parts of a multipart/form-data body (RFC 7578) in their order; memory stays at a
 * chunk, however large a part is.
 *
 * @throws S3Error MalformedPOSTRequest, or PreconditionFailed when the request is no such form
 */
export async function* readFormData(
  body: AsyncIterable<Buffer>,
  contentType: string | undefined,
): AsyncGenerator<FormPart> {
  const boundary = /^multipart\/form-data\b.*;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(
    contentType ?? "",
  );
  if (!boundary)
    throw preconditionFailed("Bucket POST must be of the enclosure-type multipart/form-data");
  const delimiter = Buffer.from(`\r\n--${boundary[1] ?? boundary[2]}`);
  // The first boundary has no line break before it, all others do.
  const reader = new ByteReader(body, malformedForm, Buffer.from("\r\n"));
  await reader.collectUntil(delimiter, MAX_HEADERS, malformedForm);
  for (;;) {
    const afterBoundary = await reader.collectUntil(Buffer.from("\r\n"), 256, malformedForm);
    if (afterBoundary.toString().startsWith("--")) return;
    const headers = await readHeaders(reader);
    const disposition = headers.get("content-disposition") ?? "";
    const name = parameter(disposition, "name");
    if (!/^form-data\b/i.test(disposition) || name === undefined) throw malformedForm();
    yield {
      name,
      fileName: parameter(disposition, "filename"),
      contentType: headers.get("content-type"),
      content: reader.until(delimiter),
    };
  }
}

async function readHeaders(reader: ByteReader): Promise<Map<string, string>> {
  const headers = new Map<string, string>();
  for (let size = 0; size <= MAX_HEADERS; ) {
    const line = await reader.collectUntil(Buffer.from("\r\n"), MAX_HEADERS, malformedForm);
    if (line.length === 0) return headers;
    size += line.length;
    const text = line.toString("utf8");
    const colon = text.indexOf(":");
    headers.set(text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim());
  }
  throw malformedForm();
}

// Browsers write a quote in a name as %22 and line breaks as %0D%0A; curl escapes the quote.
function parameter(disposition: string, name: string): string | undefined {
  const match = new RegExp(`;\\s*${name}=(?:"((?:\\\\"|[^"])*)"|([^\\s;]+))`, "i").exec(
    disposition,
  );
  const value = match?.[1] ?? match?.[2];
  return value?.replaceAll('\\"', '"').replace(/%22|%0D|%0A/gi, (one) => decodeURIComponent(one));
}

const malformedForm = () =>
  new S3Error(
    400,
    "MalformedPOSTRequest",
    "The body of your POST request is not well-formed multipart/form-data.",
  );
