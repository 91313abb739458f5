import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";

const COMMAND = /^npm (?:--workspace (\S+) )?(?:run )?([\w:-]+)(?: -- (.+))?$/;

/**
 * Runs an npm command of a page in a copy of the tree, without the part of each script that installs what is missing.
 *
 * @throws Error with what it said when it fails
 */
export async function runNpm(folder: string, command: string): Promise<void> {
  const [, workspace = "", name = "", given = ""] = COMMAND.exec(command) ?? [];
  const { scripts } = JSON.parse(readFileSync(join(folder, workspace, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const script = scripts[name]?.replace(/^node (?:\.\.\/)*scripts\/run\.mjs /, "node ");
  if (script === undefined) throw new Error(`There is no such script: ${command}`);
  // The tests of a page need no running system.
  const only = name === "test" ? " --project code" : "";
  await run(folder, ["-c", `${script}${only} ${given}`], "sh");
}

/** @throws Error with what it said when it fails */
export async function run(
  folder: string,
  args: string[],
  program = process.execPath,
): Promise<void> {
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const { VITEST: _, VITEST_POOL_ID: __, VITEST_WORKER_ID: ___, ...env } = process.env;
  const options = { cwd: folder, env: { ...env, PATH: path }, maxBuffer: 64 * 1024 ** 2 };
  try {
    await promisify(execFile)(program, args, options);
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${args.join(" ")}\n${stdout}${stderr}`, { cause: error });
  }
}
