import { encodeRfc3986, hmac, parseAmzDate, safeEqual } from "../sigv4/signing.ts";
import { bodyDigester } from "./digester.ts";
import type { Cause } from "./events.ts";
import { type FormPart, readFormData } from "./form-data.ts";
import { assertKey, checksumHeaders, quoted, storedHeaders } from "./object-headers.ts";
import type { Reply } from "./operation.ts";
import { checkPolicy, type SizeRange } from "./post-policy.ts";
import { accessDenied, invalidArgument, notImplemented, S3Error } from "./s3-error.ts";
import { resolveCredential, signatureDoesNotMatch, type Verifier } from "./signing.ts";
import type { Store } from "./store.ts";
import { storeObject } from "./store-object.ts";
import { writeXml } from "./xml.ts";

export interface FormCall {
  store: Store;
  verifier: Verifier;
  bucket: string;
  headers: ReadonlyMap<string, string>;
  body: AsyncIterable<Buffer>;
  cause: Omit<Cause, "reason">;
  baseUrl: string;
}

const MAX_FIELDS_BYTES = 20 * 1024;
const MAX_OBJECT = 5 * 1024 ** 3;
const AMZ_FIELDS =
  /^x-amz-(algorithm|credential|date|signature|meta-.+|storage-class|server-side-encryption|checksum-(crc32|sha1|sha256)|checksum-algorithm)$/;

/**
 * PostObject: an upload from a browser's form, allowed by a signed policy. Policy and signature are
 * checked before the first byte of the file is read, and nothing is stored when anything is wrong.
 */
export async function postForm(call: FormCall): Promise<Reply> {
  const fields = new Map<string, string>();
  const budget = { left: MAX_FIELDS_BYTES };
  for await (const part of readFormData(call.body, call.headers.get("content-type"))) {
    const name = part.name.toLowerCase();
    if (name === "file") return receiveFile(call, fields, part);
    // Two values for one name would let the policy check one of them and the object have the other.
    if (fields.has(name)) throw invalidArgument("A form field may be given only once.", part.name);
    fields.set(name, await fieldValue(part, budget));
  }
  throw invalidArgument("POST requires exactly one file upload per request.", "file", "0");
}

async function fieldValue(part: FormPart, budget: { left: number }): Promise<string> {
  const pieces: Buffer[] = [];
  budget.left -= part.name.length;
  for await (const piece of part.content) {
    budget.left -= piece.length;
    if (budget.left < 0) {
      throw new S3Error(
        400,
        "MaxPostPreDataLengthExceeded",
        "Your POST request fields preceding the upload file were too large.",
        { MaxPostPreDataLengthBytes: MAX_FIELDS_BYTES },
      );
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

async function receiveFile(
  call: FormCall,
  sent: ReadonlyMap<string, string>,
  file: FormPart,
): Promise<Reply> {
  const { store, bucket } = call;
  const fields = expandFileName(sent, file.fileName);
  const key = fields.get("key");
  if (!key) {
    throw invalidArgument(
      "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
      "key",
    );
  }
  const named = fields.get("bucket");
  if (named !== undefined && named !== bucket)
    throw accessDenied("Invalid according to Policy: the form's bucket is another one.");
  fields.set("bucket", bucket);
  const range = authorize(fields, call.verifier);
  assertKey(key);
  const unknown = [...fields.keys()].find(
    (name) => name.startsWith("x-amz-") && !AMZ_FIELDS.test(name),
  );
  if (unknown) throw notImplemented(`The form field ${unknown}`);
  if (fields.has("tagging")) throw notImplemented("The form field tagging");
  const headers = storedHeaders(fields);
  const { blob, digests } = await receiveBytes(store, fields, file, range);
  const { version, versionHeader } = await storeObject(
    store,
    {
      bucket,
      key,
      blobs: [blob],
      etag: digests.md5,
      checksum: digests.checksum,
      headers,
      tags: [],
    },
    { ...call.cause, reason: "POST Object" },
    () => undefined,
  );
  const location = `${call.baseUrl}/${bucket}/${key.split("/").map(encodeRfc3986).join("/")}`;
  return answer(fields, location, quoted(digests.md5), {
    ...versionHeader,
    ...checksumHeaders(version),
  });
}

/** The file name without its folders, put where fields say `${filename}`. */
function expandFileName(sent: ReadonlyMap<string, string>, fileName = ""): Map<string, string> {
  const bare = fileName.split(/[/\\]/).at(-1) ?? "";
  return new Map(
    [...sent].map(([name, value]) => [
      name,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the literal text is S3's variable
      name === "policy" ? value : value.replaceAll("${filename}", () => bare),
    ]),
  );
}

function authorize(fields: ReadonlyMap<string, string>, verifier: Verifier): SizeRange | undefined {
  const policy = fields.get("policy");
  if (policy === undefined) throw accessDenied();
  const needed = (name: string) => {
    const value = fields.get(name.toLowerCase());
    if (value === undefined) {
      throw invalidArgument(
        `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`,
        name,
      );
    }
    return value;
  };
  const algorithm = needed("X-Amz-Algorithm");
  if (algorithm !== "AWS4-HMAC-SHA256")
    throw invalidArgument(
      'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"',
      "X-Amz-Algorithm",
      algorithm,
    );
  const signature = needed("X-Amz-Signature");
  const amzDate = needed("X-Amz-Date");
  if (parseAmzDate(amzDate) === undefined)
    throw invalidArgument(
      "X-Amz-Date must be formatted via ISO8601 Long format",
      "X-Amz-Date",
      amzDate,
    );
  if (fields.has("x-amz-security-token"))
    throw new S3Error(400, "InvalidToken", "The provided token is malformed or otherwise invalid.");
  const { signingKey } = resolveCredential(needed("X-Amz-Credential"), amzDate, verifier);
  if (!safeEqual(hmac(signingKey, policy).toString("hex"), signature))
    throw signatureDoesNotMatch();
  return checkPolicy(policy, fields, verifier.now());
}

async function receiveBytes(
  store: Store,
  fields: ReadonlyMap<string, string>,
  file: FormPart,
  range: SizeRange | undefined,
) {
  const max = Math.min(range?.max ?? MAX_OBJECT, MAX_OBJECT);
  const digester = bodyDigester(fields);
  const writer = await store.blobs.create();
  let size = 0;
  try {
    for await (const chunk of file.content) {
      size += chunk.length;
      if (size > max) {
        throw new S3Error(
          400,
          "EntityTooLarge",
          "Your proposed upload exceeds the maximum allowed size",
          { MaxSizeAllowed: max },
        );
      }
      digester.update(chunk);
      await writer.write(chunk);
    }
    if (range && size < range.min) {
      throw new S3Error(
        400,
        "EntityTooSmall",
        "Your proposed upload is smaller than the minimum allowed size",
        { ProposedSize: size, MinSizeAllowed: range.min },
      );
    }
    const digests = digester.finish();
    await writer.close();
    return { blob: { id: writer.id, size }, digests };
  } catch (error) {
    await writer.close();
    await store.blobs.remove(writer.id);
    throw error;
  }
}

function answer(
  fields: ReadonlyMap<string, string>,
  location: string,
  etag: string,
  headers: Record<string, string>,
): Reply {
  const redirect = fields.get("success_action_redirect") ?? fields.get("redirect");
  const [bucket = "", key = ""] = [fields.get("bucket"), fields.get("key")];
  if (redirect !== undefined && URL.canParse(redirect)) {
    const target = new URL(redirect);
    for (const [name, value] of Object.entries({ bucket, key, etag }))
      target.searchParams.append(name, value);
    return { status: 303, headers: { ...headers, etag, location: target.href } };
  }
  const requested = fields.get("success_action_status");
  if (requested === "201") {
    return {
      status: 201,
      headers: { ...headers, etag, location },
      body: writeXml("PostResponse", { Location: location, Bucket: bucket, Key: key, ETag: etag }),
    };
  }
  return { status: requested === "200" ? 200 : 204, headers: { ...headers, etag, location } };
}
