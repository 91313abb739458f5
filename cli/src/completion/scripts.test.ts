import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { createProgram } from "../program.ts";
import { completionScript, shells } from "./scripts.ts";

const program = createProgram();
const has = (shell: string) => spawnSync(shell, ["-c", "true"]).status === 0;

describe.skipIf(!has("bash"))("bash", () => {
  const complete = (...words: string[]) => {
    const script = `${completionScript("bash", program)}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _shoebox; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync("bash", ["-c", script, "bash", "shoebox", ...words], {
      encoding: "utf8",
      cwd: import.meta.dirname,
    });
    expect(stderr).toBe("");
    return stdout.split("\n").filter(Boolean).sort();
  };

  it("completes commands, the options of a command, and files where paths are meant", () => {
    expect(complete("s")).toEqual(["search", "show", "status"]);
    expect(complete("upload", "--ta")).toEqual(["--tag", "--taken-at"]);
    expect(complete("--json", "ls", "--o")).toEqual(["--oldest"]);
    expect(complete("upload", "scripts.t")).toEqual(["scripts.test.ts", "scripts.ts"]);
    expect(complete("show", "scripts.t")).toEqual([]);
  });
});

it.each(shells)("%s is told of every command and option, and can read it", (shell) => {
  const script = completionScript(shell, program);
  for (const command of program.commands) {
    expect(script).toContain(command.name());
    for (const { long } of command.options) expect(script).toContain(long?.slice(2));
  }
  if (has(shell)) {
    const flag = shell === "fish" ? "--no-execute" : "-n";
    expect(spawnSync(shell, [flag], { input: script, encoding: "utf8" }).stderr).toBe("");
  }
});
