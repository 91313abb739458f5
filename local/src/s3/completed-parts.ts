import { isChecksum } from "./checksums.ts";
import { invalidArgument, invalidRequest, malformedXml, S3Error } from "./s3-error.ts";
import type { Store } from "./store.ts";
import type { Part, Upload } from "./uploads.ts";
import { childrenOf, textOf, type XmlElement } from "./xml.ts";

const MIN_PART = 5 * 1024 ** 2;

/** A part as a completion names it. */
export interface NamedPart {
  partNumber: number;
  etag: string;
  /** With the name of its element, such as `ChecksumSHA256`. */
  checksum: { element: string; value: string } | undefined;
}

/** The parts that a completion names. @throws S3Error MalformedXML, InvalidPartOrder, InvalidRequest, InvalidArgument */
export function namedParts(request: XmlElement, upload: Upload): NamedPart[] {
  const parts = childrenOf(request, "Part").map((part) => ({
    partNumber: Number(textOf(part, "PartNumber")),
    etag: (textOf(part, "ETag") ?? "").trim().replaceAll('"', ""),
    checksum: checksumOf(part),
  }));
  if (
    parts.length === 0 ||
    parts.length > 10_000 ||
    parts.some((part) => !Number.isInteger(part.partNumber))
  ) {
    throw malformedXml();
  }
  parts.forEach((part, index) => {
    const before = parts[index - 1];
    if (before && before.partNumber >= part.partNumber) {
      throw new S3Error(
        400,
        "InvalidPartOrder",
        "The list of parts was not in ascending order. Parts must be ordered by part number.",
        { UploadId: upload.upload_id },
      );
    }
    if (upload.checksum_type === "COMPOSITE" && part.checksum === undefined) {
      throw invalidRequest(
        `The upload was created using a ${upload.checksum_algorithm?.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${part.partNumber} in the request.`,
      );
    }
  });
  return parts;
}

function checksumOf(part: XmlElement): NamedPart["checksum"] {
  const [checksum, second] = part.children
    .filter(({ name }) => name.startsWith("Checksum"))
    .map(({ name, text }) => ({ element: name, value: text.trim() }));
  const algorithm = checksum?.element.slice("Checksum".length) ?? "";
  if (checksum && (second || !isChecksum(algorithm, checksum.value))) {
    throw invalidArgument(
      "Invalid Base64 or multiple checksums present in request",
      "Checksum",
      `${algorithm}:${checksum.value};`,
    );
  }
  return checksum;
}

/** The parts that were received and are meant. @throws S3Error InvalidPart, EntityTooSmall */
export function chosenParts(store: Store, upload: Upload, named: NamedPart[]): Part[] {
  const received = new Map(
    store
      .all<Part>("SELECT * FROM parts WHERE upload_id = ?", upload.upload_id)
      .map((part) => [part.part_number, part]),
  );
  return named.map(({ partNumber, etag, checksum }, index) => {
    const part = received.get(partNumber);
    // A part has the checksum of its upload's algorithm and no other.
    const own = part?.checksum && `Checksum${upload.checksum_algorithm}:${part.checksum}`;
    if (
      !part ||
      part.etag !== etag ||
      (checksum && own !== `${checksum.element}:${checksum.value}`)
    ) {
      throw new S3Error(
        400,
        "InvalidPart",
        "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        { UploadId: upload.upload_id, PartNumber: partNumber, ETag: etag },
      );
    }
    if (part.size < MIN_PART && index < named.length - 1) {
      throw new S3Error(
        400,
        "EntityTooSmall",
        "Your proposed upload is smaller than the minimum allowed size",
        { ProposedSize: part.size, MinSizeAllowed: MIN_PART, PartNumber: partNumber, ETag: etag },
      );
    }
    return part;
  });
}
