/**
 * `node scripts/count-tests.mjs REPORT…` prints one line, `N passed, N failed, N skipped`, summed over reports of
 * vitest's JSON reporter. What could not run has not passed: a report that is not there, and a test file that could
 * not be loaded, count as one failed test each.
 */
import { readFileSync } from "node:fs";
import { isSystemError } from "./run/system-error.mjs";

const total = { passed: 0, failed: 0, skipped: 0 };
for (const file of process.argv.slice(2)) {
  const report = readReport(file);
  total.passed += report?.numPassedTests ?? 0;
  total.failed += report ? report.numFailedTests + brokenFiles(report) : 1;
  total.skipped += report ? report.numPendingTests + report.numTodoTests : 0;
}
process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);

/**
 * @typedef {object} Report
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests those that were skipped
 * @property {number} numTodoTests
 * @property {{ status: string, assertionResults: unknown[] }[]} testResults one a file
 */

/**
 * @param {string} file
 * @returns {Report | undefined}
 */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** @param {Report} report */
function brokenFiles({ testResults }) {
  return testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  ).length;
}
