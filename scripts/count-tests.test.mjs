import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";

const PROGRAM = fileURLToPath(new URL("count-tests.mjs", import.meta.url));
const VITEST = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "shoebox-count-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Runs a test file of this text under vitest and says where its report is. */
function reportOf(/** @type {string} */ name, /** @type {string} */ text) {
  const report = join(root, `${name}.json`);
  writeFileSync(join(root, "some.test.mjs"), text);
  const args = ["run", "--root", root, "--globals", "--reporter=json", `--outputFile=${report}`];
  spawnSync(process.execPath, [VITEST, ...args], { env: { PATH: process.env.PATH } });
  return report;
}

function count(/** @type {string[]} */ ...reports) {
  return spawnSync(process.execPath, [PROGRAM, ...reports], { encoding: "utf8" }).stdout;
}

it("sums what passed, failed and was skipped over all reports, and what could not run has failed", () => {
  const mixed = reportOf(
    "mixed",
    "it('a', () => {}); it('b', () => {}); it('c', () => { throw 1 }); it.skip('d', () => {}); it.todo('e')",
  );
  expect(count(mixed)).toBe("2 passed, 1 failed, 2 skipped\n");
  const broken = reportOf("broken", "import './nowhere.mjs'");
  expect(count(broken)).toBe("0 passed, 1 failed, 0 skipped\n");
  expect(count(mixed, broken, join(root, "never-written.json"))).toBe(
    "2 passed, 3 failed, 2 skipped\n",
  );
});
