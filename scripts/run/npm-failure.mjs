const UNREACHABLE =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED|ERR_SOCKET_TIMEOUT|E5\d\d)\b/;

/**
 * One sentence for what npm's error output says.
 *
 * @param {string} command npm's sub-command
 * @param {string} output npm's stderr
 * @param {number | NodeJS.Signals | null} end its exit code, or the signal that ended it
 */
export function explainNpmFailure(command, output, end) {
  if (typeof end === "string") return `The installation was interrupted (${end}).`;
  const unreachable = UNREACHABLE.exec(output)?.[1];
  if (unreachable) {
    return `Shoebox can't reach the npm registry (${unreachable}) and its packages are not installed yet: check the network or the proxy, then start again.`;
  }
  if (/\bENOSPC\b/.test(output)) {
    return "The disk is full (ENOSPC): the packages need about 1 GB.";
  }
  if (/\b(EACCES|EPERM|EROFS)\b/.test(output)) {
    return "The packages can't be written into node_modules: this folder does not belong to you or is read-only.";
  }
  return `npm ${command} failed (${end}): ${firstReason(output)}`;
}

/** @param {string} output */
function firstReason(output) {
  const lines = output
    .split("\n")
    .map((line) => line.replace(/^npm (error|ERR!)\s*/, "").trim())
    .filter((line) => line !== "" && !/^(npm warn|code )/.test(line));
  return (
    lines[0] ?? "it gave no reason; its log is in the folder that `npm config get cache` names."
  );
}
