import { z } from "@hono/zod-openapi";

/**
 * A SHA-256 as 64 hexadecimal digits (what `sha256sum` prints) or as base64 (what S3 speaks); comes
 * out as base64. No text is both: base64 of 32 bytes has 44 characters.
 */
export const Sha256 = z
  .string()
  .transform((text) => {
    if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, "hex").toString("base64");
    return text;
  })
  .pipe(
    z.string().refine((text) => {
      const bytes = Buffer.from(text, "base64");
      return bytes.length === 32 && bytes.toString("base64") === text;
    }, "must be a SHA-256: 64 hexadecimal digits, or base64"),
  );
