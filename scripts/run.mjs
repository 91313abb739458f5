/**
 * The first thing every npm script does: `node scripts/run.mjs <arguments for Node>`.
 *
 * It brings a fresh clone to the point where the project's own programs can run (packages as locked, the pinned
 * Node) and starts the pinned Node with the given arguments from the project's root. It runs on whatever Node the
 * machine has, before anything is installed: so plain JavaScript, without dependencies, and quick when there is
 * nothing to do. All it has to say goes to stderr: stdout belongs to the program that it starts.
 */
import { fileURLToPath } from "node:url";
import { launch } from "./run/launch.mjs";
import { Refusal, refuseOldNode } from "./run/machine.mjs";
import { findNativePrograms } from "./run/native-programs.mjs";
import { packagesAreAsLocked } from "./run/packages.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

try {
  refuseOldNode(process.versions.node);
  if (!packagesAreAsLocked(root)) {
    const { installPackages } = await import("./run/install.mjs");
    await installPackages(root);
  }
  let native = findNativePrograms(root, process.platform, process.arch);
  if (!native.node || native.missing.length > 0) {
    const { completeNativePrograms } = await import("./run/install-native.mjs");
    native = await completeNativePrograms(root, native);
  }
  await launch(native, process.argv.slice(2), root);
} catch (error) {
  // Anything else is a fault in here: let Node show it with its stack.
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
