import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { platforms } from "./platforms.mjs";

const SCRIPTS = fileURLToPath(new URL("..", import.meta.url));

/**
 * Stands in for npm: writes its arguments down, waits where it is told to, and "installs" files that are there at
 * once. FAKE_NPM says how it goes: well, "offline", "broken" or "until released".
 */
const FAKE_NPM = `#!${process.execPath}
import { appendFileSync, copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
const args = process.argv.slice(2);
const { FAKE_NPM: mode, FAKE_ROOT: root, FAKE_PLATFORMS } = process.env;
appendFileSync(join(root, "npm-calls"), args.filter((arg) => !arg.startsWith("--fetch")).join(" ") + "\\n");
if (mode === "offline") {
  console.error("npm error code ENOTFOUND\\nnpm error network request to the registry failed");
  process.exit(1);
}
if (mode === "broken") {
  console.error("npm error code EUSAGE\\nnpm error\\nnpm error The lock file and package.json are not in sync");
  process.exit(1);
}
if (mode === "until released") {
  await new Promise((resolve) => {
    const look = setInterval(() => {
      if (!existsSync(join(root, "released"))) return;
      clearInterval(look);
      resolve();
    }, 5);
  });
}
const packages = Object.values(JSON.parse(FAKE_PLATFORMS)).flatMap(({ node, dynamodb }) => [node, dynamodb]);
const install = (modules, { name, program }) => {
  const file = join(modules, name, program);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(join(modules, name, "package.json"), JSON.stringify({ name }));
  rmSync(file, { force: true });
  if (name.startsWith("node-")) symlinkSync(process.execPath, file);
  else writeFileSync(file, "");
};
if (args[0] === "ci") {
  const modules = join(root, "node_modules");
  rmSync(modules, { recursive: true, force: true });
  for (const wanted of packages) {
    if (!wanted.name.endsWith(process.platform + "-" + process.arch)) continue;
    install(modules, wanted);
  }
  copyFileSync(join(root, "package-lock.json"), join(modules, ".package-lock.json"));
} else {
  const prefix = args[args.indexOf("--prefix") + 1];
  for (const wanted of packages) {
    if (args.includes(wanted.name + "@" + wanted.version)) install(join(prefix, "node_modules"), wanted);
  }
}
`;

/** A project of two files with the real scripts/run.mjs in it, and an npm that can be told how to behave. */
export function fakeProject() {
  const root = mkdtempSync(join(tmpdir(), "shoebox-run-"));
  const bin = join(root, "bin");
  mkdirSync(bin);
  writeFileSync(join(root, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(join(bin, "npm"), FAKE_NPM, { mode: 0o755 });
  cpSync(join(SCRIPTS, "run.mjs"), join(root, "scripts", "run.mjs"), { recursive: true });
  cpSync(join(SCRIPTS, "run"), join(root, "scripts", "run"), { recursive: true });
  lock("1.0.0");

  /** @param {string} version of the one package that the lock file names */
  function lock(version) {
    const packages = { "": {}, "node_modules/some": { version, integrity: `sha512-${version}` } };
    writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages }));
  }

  /**
   * @param {string[]} args for Node
   * @param {{ npm?: "well" | "offline" | "broken" | "until released" }} [options]
   */
  function start(args, { npm = "well" } = {}) {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: {
        PATH: [bin, process.env.PATH].join(delimiter),
        FAKE_NPM: npm,
        FAKE_ROOT: root,
        FAKE_PLATFORMS: JSON.stringify(platforms),
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output.stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      output.stderr += text;
    });
    /** @type {Promise<{ code: number | null, signal: NodeJS.Signals | null, stdout: string, stderr: string }>} */
    const ended = new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => resolve({ code, signal, ...output }));
    });
    return {
      ended,
      kill: (/** @type {NodeJS.Signals} */ signal) => child.kill(signal),
      /** Resolves when a text has come out; rejects when the process ends without it. */
      said: (/** @type {string} */ text) =>
        new Promise((resolve, reject) => {
          const look = () => {
            if (`${output.stdout}${output.stderr}`.includes(text)) resolve(undefined);
          };
          child.stdout.on("data", look);
          child.stderr.on("data", look);
          child.on("close", () =>
            reject(new Error(`ended without saying "${text}": ${output.stderr}`)),
          );
          look();
        }),
    };
  }

  return {
    root,
    lock,
    start,
    /**
     * @param {string[]} args what the pinned Node is to be given
     * @param {{ npm?: "well" | "offline" | "broken" | "until released" }} [options]
     */
    run: (args, options) => start(["scripts/run.mjs", ...args], options),
    release: () => writeFileSync(join(root, "released"), ""),
    /** What npm was asked to do, a line each. */
    npmCalls: () => {
      try {
        return readFileSync(join(root, "npm-calls"), "utf8").trimEnd().split("\n");
      } catch {
        return [];
      }
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
