import { holdInstallLock } from "./install-lock.mjs";
import { npm } from "./npm.mjs";
import { forgetInstallation, packagesAreAsLocked } from "./packages.mjs";

/**
 * Makes node_modules what package-lock.json says. When another process is doing so already, waits for it and does
 * what is left, usually nothing.
 *
 * @param {string} root
 */
export async function installPackages(root) {
  const release = await holdInstallLock(root);
  try {
    if (packagesAreAsLocked(root)) return;
    forgetInstallation(root);
    await npm(["ci", "--include=dev", "--include=optional"], {
      cwd: root,
      doing: "installing packages (first start: about a minute)…",
    });
    if (packagesAreAsLocked(root)) return;
    throw new Error("npm ci ended well, but node_modules is not what package-lock.json says.");
  } finally {
    release();
  }
}
