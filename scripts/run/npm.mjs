import { spawn } from "node:child_process";
import { basename } from "node:path";
import { Refusal } from "./machine.mjs";
import { explainNpmFailure } from "./npm-failure.mjs";
import { startProgress } from "./progress.mjs";

/** Enough for a network that stutters, and an answer within a quarter of a minute where there is none. */
const RETRIES = [
  "--fetch-retries=4",
  "--fetch-retry-mintimeout=500",
  "--fetch-retry-factor=3",
  "--fetch-retry-maxtimeout=5000",
];

/** No package of ours needs its install script; not running them is quicker and safer. */
const QUIET = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--no-progress"];

const MAX_OUTPUT = 64 * 1024;

/**
 * Runs npm and shows one line with the time that passes. Rejects with a Refusal whose message is one sentence.
 *
 * @param {string[]} args
 * @param {{ cwd: string, doing: string }} options
 * @returns {Promise<void>}
 */
export function npm(args, { cwd, doing }) {
  return new Promise((resolve, reject) => {
    const { program, first } = npmProgram(process.env);
    const child = spawn(program, [...first, ...args, ...RETRIES, ...QUIET], {
      cwd,
      stdio: ["ignore", "ignore", "pipe"],
      // npm is a .cmd file on Windows, which only a shell can start.
      shell: process.platform === "win32" && first.length === 0,
    });
    /** @type {NodeJS.Signals | undefined} */
    let interrupted;
    const stop = (/** @type {NodeJS.Signals} */ signal) => {
      interrupted = signal;
      child.kill(signal);
    };
    process.on("SIGINT", stop).on("SIGTERM", stop).on("SIGHUP", stop);
    const progress = startProgress(doing);
    let output = "";
    child.stderr.setEncoding("utf8").on("data", (text) => {
      output = (output + text).slice(-MAX_OUTPUT);
    });
    child.on("error", (cause) => {
      progress.fail();
      reject(new Refusal(`npm can't be started: ${cause.message}`, { cause }));
    });
    child.on("close", (code, signal) => {
      process.off("SIGINT", stop).off("SIGTERM", stop).off("SIGHUP", stop);
      if (code === 0) {
        progress.done();
        resolve();
        return;
      }
      progress.fail();
      reject(new Refusal(explainNpmFailure(args[0] ?? "", output, interrupted ?? signal ?? code)));
    });
  });
}

/**
 * The npm that started us, else the one on the PATH. Other package managers set the same variable.
 *
 * @param {NodeJS.ProcessEnv} env
 */
function npmProgram(env) {
  const script = env.npm_execpath;
  return script && basename(script) === "npm-cli.js"
    ? { program: process.execPath, first: [script] }
    : { program: "npm", first: [] };
}
