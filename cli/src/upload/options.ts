import { type Command, Option } from "commander";
import { instant, positive, several } from "../options.ts";
import type { Common } from "./send-picture.ts";

export interface UploadingOptions {
  tag?: string[];
  caption?: string;
  visibility?: "private" | "public";
  takenAt?: string;
  parallel: number;
  again?: true;
  wait?: true;
}

/** What `upload` and `watch` take alike. */
export function takesUploadOptions(command: Command): Command {
  return command
    .option("--tag <tag>", "give it again for more", several)
    .option("--caption <text>", "of each of them")
    .addOption(
      new Option("--visibility <who>", "who may see them (default: private)").choices([
        "private",
        "public",
      ]),
    )
    .option("--taken-at <time>", "when, if not what the camera says", instant)
    .option("--parallel <n>", "files on their way at the same time", positive, 3)
    .option("--again", "also what is there already, as another image")
    .option("--wait", "until each is ready to be shown, and not only verified");
}

export function commonOf({
  tag: tags,
  caption,
  visibility,
  takenAt,
  again,
  wait,
}: UploadingOptions): Common {
  return { tags, caption, visibility, takenAt, again: again ?? false, wait: wait ?? false };
}
