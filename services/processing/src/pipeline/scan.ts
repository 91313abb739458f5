import { Rejection } from "../domain/reasons.ts";
import { chunksOf, type OriginalFile } from "./original-file.ts";
import type { Step } from "./step.ts";

/** Every byte passes the scanner, and it does before any decoder sees the first one. */
export const scan: Step<{ original: OriginalFile }, object> = {
  name: "scan",
  async run({ original }, { scanner }) {
    const verdict = await scanner.scan(chunksOf(original));
    if (!verdict.clean) throw new Rejection("infected", { cause: verdict.signature });
    return {};
  },
};
