/** What a page of a tutorial does, in its order. */
export type Step =
  | { kind: "file"; path: string; text: string }
  | { kind: "change"; path: string; hunks: Hunk[] }
  | { kind: "run"; command: string };

/** Lines that are there, and those that take their place. */
interface Hunk {
  find: string;
  replace: string;
}

/** Blocks with a path behind their language are files, those in `diff` are changes of files; `sh` has commands. */
export function stepsOf(page: string): Step[] {
  return [...page.matchAll(/^```(\w+)(?: (\S+))?\n(.*?)^```$/gms)].flatMap(
    ([, language, path, text = ""]): Step[] => {
      if (language === "sh") {
        return text
          .trim()
          .split("\n")
          .map((command) => ({ kind: "run", command }));
      }
      if (path === undefined) return [];
      if (language !== "diff") return [{ kind: "file", path, text }];
      return [{ kind: "change", path, hunks: text.split(/^@@\n/m).map(hunkOf) }];
    },
  );
}

function hunkOf(text: string): Hunk {
  const lines = text.split("\n").slice(0, -1);
  const without = (sign: string) =>
    lines
      .filter((line) => !line.startsWith(sign))
      .map((line) => `${line.slice(1)}\n`)
      .join("");
  return { find: without("+"), replace: without("-") };
}

/** @throws Error when the lines are not there, or more than once */
export function changed(text: string, hunks: Hunk[]): string {
  return hunks.reduce((before, { find, replace }) => {
    const times = before.split(find).length - 1;
    if (times === 1) return before.replace(find, () => replace);
    throw new Error(`These lines are there ${times} times:\n${find}`);
  }, text);
}
