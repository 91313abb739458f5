import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connect } from "./connection.ts";
import { readSettings, settingsFile, writeSettings } from "./settings.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "shoebox-settings-"));
});
afterAll(() => rm(folder, { recursive: true }));

it("a token is kept for its owner's eyes, and goes to its own Shoebox alone", async () => {
  const env = { XDG_CONFIG_HOME: join(folder, "config") };
  const file = settingsFile(env);
  const logins = { "https://a.example": { token: "t" } };
  await writeSettings(file, { url: "https://a.example", logins });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(dirname(file))).toEqual(["config.json"]);
  expect((await connect(undefined, env)).url).toBe("https://a.example");
  expect((await connect("https://a.example/", env)).url).toBe("https://a.example");
  await expect(connect("https://b.example", env)).rejects.toThrow(
    "Not logged in at https://b.example",
  );
  await expect(connect(undefined, { ...env, SHOEBOX_URL: "https://c.example" })).rejects.toThrow(
    "Not logged in",
  );
});

it("no settings are no error, and broken ones one sentence", async () => {
  expect(await readSettings(join(folder, "none.json"))).toEqual({ logins: {} });
  const broken = join(folder, "broken.json");
  await writeFile(broken, "{");
  await expect(readSettings(broken)).rejects.toThrow("can't be read; shoebox logout removes it.");
});
