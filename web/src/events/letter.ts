import type { WireLetter } from "./wire.ts";

/** The image, or else the story, that a letter is about; undefined when its body tells of none. */
export function idOf({ body }: WireLetter): string | undefined {
  return (
    /"imageId":\s*"([\w-]+)"/.exec(body)?.[1] ?? /"correlationId":\s*"([\w-]+)"/.exec(body)?.[1]
  );
}
