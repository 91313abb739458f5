import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDataFolder } from "./data-folder.ts";
import { loadKeys } from "./keys.ts";
import { choosePorts } from "./ports.ts";
import { Refusal } from "./refusal.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "shoebox-start-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a data folder", () => {
  it("is for one instance at a time, and free again afterwards", () => {
    const first = openDataFolder(folder, { fresh: false });
    expect(() => openDataFolder(folder, { fresh: false })).toThrow(Refusal);
    first.release();
    openDataFolder(folder, { fresh: false }).release();
  });

  it("stays taken when whoever took it keeps nothing of it, however much garbage is collected", () => {
    openDataFolder(folder, { fresh: false });
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    for (let round = 0; round < 3; round++) collect();
    expect(() => openDataFolder(folder, { fresh: false })).toThrow(Refusal);
  });

  it("that is a file is refused in one sentence", () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    expect(() => openDataFolder(file, { fresh: false })).toThrow(/can't be written .* --data/);
  });

  it("is forgotten when asked for, but only what is ours", () => {
    const keys = loadKeys(folder);
    writeFileSync(join(folder, "mine.txt"), "keep");
    openDataFolder(folder, { fresh: true }).release();
    expect(loadKeys(folder).aws).not.toEqual(keys.aws);
    expect(readFileSync(join(folder, "mine.txt"), "utf8")).toBe("keep");
  });

  it("has keys that are made once", () => {
    expect(loadKeys(folder)).toEqual(loadKeys(folder));
  });
});

describe("ports", () => {
  it("are the same after a restart, and all different", async () => {
    const before = await choosePorts(folder, 0);
    expect(new Set(Object.values(before)).size).toBe(Object.keys(before).length);
    expect(await choosePorts(folder, 0)).toEqual(before);
  });

  it("a taken one is refused for the front door, and passed over for a part", async () => {
    const { s3 } = await choosePorts(folder, 0);
    const other = createServer().listen(s3, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    await expect(choosePorts(folder, s3)).rejects.toThrow(`Port ${s3} is taken.`);
    expect((await choosePorts(folder, 0)).s3).not.toBe(s3);
    await new Promise((resolve) => other.close(resolve));
  });
});
