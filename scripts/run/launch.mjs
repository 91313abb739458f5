import { spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { Refusal } from "./machine.mjs";
import { platformFolder } from "./native-programs.mjs";

/** @type {NodeJS.Signals[]} */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Within this time a second signal of a kind is the first one, arrived by another way. */
const SAME_SIGNAL_MS = 1000;

/**
 * Runs Node with the given arguments from the project's root as if it had been started directly: its terminal, its
 * signals, its exit code. The project's tools and this Node come first on its PATH.
 *
 * @param {import("./native-programs.mjs").NativePrograms} native
 * @param {string[]} args
 * @param {string} root
 * @returns {Promise<void>}
 */
export function launch({ node = process.execPath }, args, root) {
  const path = [dirname(node), join(root, "node_modules", ".bin"), process.env.PATH ?? ""];
  // Where native packages of other platforms lie: require() looks there last.
  const modules = [join(platformFolder(root), "node_modules"), process.env.NODE_PATH];
  const env = {
    // Compiled modules are kept from one start to the next; clearing node_modules clears them.
    NODE_COMPILE_CACHE: join(root, "node_modules", ".cache", "compile"),
    ...process.env,
    PATH: path.join(delimiter),
    NODE_PATH: modules.filter(Boolean).join(delimiter),
  };
  const child = spawn(node, ["--disable-warning=ExperimentalWarning", ...args], {
    cwd: root,
    env,
    stdio: "inherit",
  });
  const terminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  const stopForwarding = forwardSignals(child, terminal);
  return new Promise((resolve, reject) => {
    child.on("error", (cause) => {
      reject(new Refusal(`The pinned Node can't be started here: ${cause.message}`, { cause }));
    });
    child.on("exit", (code, signal) => {
      stopForwarding();
      if (signal) process.kill(process.pid, signal);
      else process.exitCode = code ?? 1;
      resolve();
    });
  });
}

/**
 * A terminal gives a Ctrl-C to all of its processes: the child has it already, and a program that takes the second one
 * for impatience must not get ours. Without a terminal, npm or whoever started us sends a signal to us alone, perhaps
 * twice.
 *
 * @param {Pick<import("node:child_process").ChildProcess, "kill">} child
 * @param {boolean} terminal
 */
export function forwardSignals(child, terminal) {
  const last = new Map();
  const forward = (/** @type {NodeJS.Signals} */ signal) => {
    if (terminal && signal === "SIGINT") return;
    const now = performance.now();
    if (now - (last.get(signal) ?? Number.NEGATIVE_INFINITY) < SAME_SIGNAL_MS) return;
    last.set(signal, now);
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, forward);
  return () => {
    for (const signal of SIGNALS) process.off(signal, forward);
  };
}
