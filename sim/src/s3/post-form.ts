import type { Bucket } from "./bucket.ts";
import { sha256Of } from "./multipart.ts";
import { type S3Answer, s3Error } from "./request.ts";

/**
 * A form as a browser posts it: the policy inside decides, until it expires. The signature is taken
 * for good; that forged ones are refused is shown at the local cloud.
 */
export function postForm(
  bucket: Bucket,
  form: Record<string, string>,
  file: Buffer,
  now: number,
): S3Answer {
  const policy = JSON.parse(Buffer.from(form.Policy ?? "", "base64").toString()) as {
    expiration: string;
    conditions: (Record<string, string> | [string, string, unknown])[];
  };
  if (now > Date.parse(policy.expiration)) return s3Error(403, "AccessDenied", "Policy expired.");
  for (const condition of policy.conditions) {
    if (Array.isArray(condition)) {
      const [operator, least, most] = condition as unknown as [string, number, number];
      if (operator !== "content-length-range") return s3Error(501, "NotImplemented");
      if (file.length < least) return s3Error(400, "EntityTooSmall");
      if (file.length > most) return s3Error(400, "EntityTooLarge");
      continue;
    }
    for (const [name, value] of Object.entries(condition)) {
      const given = name === "bucket" ? bucket.spec.name : form[name];
      if (given !== value) return s3Error(403, "AccessDenied", `Policy condition failed: ${name}`);
    }
  }
  const sha256 = form["x-amz-checksum-sha256"];
  if (sha256 !== undefined && sha256 !== sha256Of(file)) return s3Error(400, "BadDigest");
  const metadata = Object.fromEntries(
    Object.entries(form).flatMap(([name, value]) =>
      name.startsWith("x-amz-meta-") ? [[name.slice("x-amz-meta-".length), value]] : [],
    ),
  );
  const version = bucket.put(
    form.key ?? "",
    { bytes: file, contentType: form["Content-Type"], metadata, sha256 },
    "POST Object",
  );
  return { status: 201, headers: { etag: `"${version.etag}"` }, body: Buffer.alloc(0) };
}
