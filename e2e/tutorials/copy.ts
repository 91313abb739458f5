import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const root = join(import.meta.dirname, "../..");

/**
 * A copy of the repository as it is, whose packages are those that are installed here; our own workspaces are the copy's.
 * Resolves with its folder.
 */
export function copyOfTheTree(): string {
  const copy = mkdtempSync(join(tmpdir(), "shoebox-tutorials-"));
  const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const files = execFileSync("git", list, { cwd: root, encoding: "utf8" }).split("\0");
  for (const file of files.filter((name) => name !== "" && existsSync(join(root, name)))) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  const modules = (...path: string[]) => join("node_modules", ...path);
  mkdirSync(join(copy, modules("@shoebox")), { recursive: true });
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name !== "@shoebox" && name !== ".cache" && !existsSync(join(copy, modules(name)))) {
      symlinkSync(join(root, modules(name)), join(copy, modules(name)));
    }
  }
  for (const folder of workspacesOf(copy)) {
    const { name } = JSON.parse(readFileSync(join(copy, folder, "package.json"), "utf8"));
    symlinkSync(join(copy, folder), join(copy, modules(name)));
  }
  return copy;
}

function workspacesOf(folder: string): string[] {
  const { workspaces } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    workspaces: string[];
  };
  return workspaces.flatMap((pattern) =>
    pattern.endsWith("/*")
      ? readdirSync(join(folder, pattern.slice(0, -2)), { withFileTypes: true })
          .filter((entry) => entry.isDirectory())
          .map((entry) => join(pattern.slice(0, -2), entry.name))
      : [pattern],
  );
}
