import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { holdInstallLock } from "./install-lock.mjs";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "shoebox-lock-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

it("is one's alone until it is released", async () => {
  const release = await holdInstallLock(root, { beatMs: 1 });
  let second = "waits";
  const waiting = holdInstallLock(root, { beatMs: 20 }).then((free) => {
    second = "holds";
    return free;
  });
  // Longer than a dead holder's lock would be respected at the holder's own pace.
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(second).toBe("waits");
  release();
  (await waiting)();
  expect(existsSync(join(root, ".installing"))).toBe(false);
});

it("of a holder that died is taken over, however long ago that was", async () => {
  writeFileSync(join(root, ".installing"), "");
  const release = await holdInstallLock(root, { beatMs: 1 });
  expect(existsSync(join(root, ".installing"))).toBe(true);
  release();
});
