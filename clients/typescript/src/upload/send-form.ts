import type { Form } from "../types.ts";
import type { ProgressCount } from "./progress.ts";
import type { SendOptions } from "./send-options.ts";
import { sendPiece } from "./send-piece.ts";

/** Sends a file as the form that the API gave: its fields in their order, and the file last. */
export async function sendForm(
  { url, fields }: Form,
  file: Blob,
  progress: ProgressCount,
  options: SendOptions,
): Promise<void> {
  const body = formBody(fields, file);
  const onSent = (bytes: number) => progress.set(0, bytes, file.size);
  await sendPiece(async () => ({ method: "POST", url, body }), { ...options, onSent });
  progress.set(0, file.size, file.size);
}

/** A blob, not FormData: its length is known, so that Node can say it, and it is read as it is sent. */
function formBody(fields: Record<string, string>, file: Blob): Blob {
  const boundary = `shoebox-${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}`;
  const head = Object.entries(fields).map(
    ([name, value]) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const begin = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n\r\n`;
  const end = `\r\n--${boundary}--\r\n`;
  return new Blob([...head, begin, file, end], {
    type: `multipart/form-data; boundary=${boundary}`,
  });
}
