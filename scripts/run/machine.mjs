/** The oldest Node that can start the pinned one. */
const OLDEST_STARTER = 20;

/** The Node whose language and library the project is written for. */
const OLDEST_RUNNER = 24;

/** Something foreseen that keeps the project from running here; the message is a sentence for its user. */
export class Refusal extends Error {}

/** @param {string} version as in `process.versions.node` */
export function refuseOldNode(version) {
  if (major(version) >= OLDEST_STARTER) return;
  throw new Refusal(
    `Shoebox needs Node ${OLDEST_STARTER} or newer to start, and this is Node ${version}.`,
  );
}

/**
 * Whether a Node of this version can run the project itself, not only start the pinned Node.
 *
 * @param {string} version as in `process.versions.node`
 */
export function canRunProject(version) {
  return major(version) >= OLDEST_RUNNER;
}

/** @param {string} version */
function major(version) {
  return Number.parseInt(version, 10);
}
