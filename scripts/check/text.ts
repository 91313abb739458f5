import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { findCommandFaults } from "./commands.ts";
import { findNamedTestFaults } from "./named-tests.ts";
import { findTextFaults } from "./text-rules.ts";

/** Checks what no tool for TypeScript looks at, in every file that git knows. */

const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
  .toString()
  .split("\0")
  .filter((file) => file !== "");
const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));

const faults = files.flatMap((file) => {
  const text = readText(file);
  return text === undefined
    ? []
    : [
        ...findTextFaults(file, text),
        ...(file.endsWith(".md")
          ? [
              ...findCommandFaults(file, text, Object.keys(scripts)),
              ...findNamedTestFaults(file, text, readText),
            ]
          : []),
      ];
});
for (const fault of faults) process.stdout.write(`${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;

/** Undefined for what is no text, or was deleted and not yet committed. */
function readText(file: string): string | undefined {
  try {
    const bytes = readFileSync(file);
    return bytes.includes(0) ? undefined : bytes.toString("utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
