import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { type SearchPage, signIn, upload } from "./client.ts";
import { eventually } from "./eventually.ts";
import { smallPicture } from "./pictures.ts";
import { runOps } from "./run-ops.ts";
import { newDataFolder, removeDataFolder, startSystem } from "./system.ts";

it("the ops tool rebuilds the index while it serves, goes back and forth, and finds that index and catalog agree", async () => {
  // A system of its own: there is one rebuild at a time, and other suites make theirs.
  const folder = newDataFolder();
  const own = await startSystem(folder);
  onTestFinished(async () => {
    await own.stop();
    removeDataFolder(folder);
  });
  const user = await signIn(own.url);
  const env = { SHOEBOX_URL: own.url };
  const found = async () => (await user.get<SearchPage>("/v1/search")).body.total;
  await upload(user, await smallPicture(40), { contentType: "image/jpeg" });
  await eventually(found, (total) => total === 1);

  // As an operator, by AWS credentials; all that follows as an administrator, by the front door's token.
  const awsEnv = join(folder, "aws.env");
  const rebuilt = await runOps(["rebuild", "--watch", "--json", "--aws-env", awsEnv], env);
  expect([rebuilt.stderr, rebuilt.code]).toEqual(["", 0]);
  const { rebuildId, index, previousIndex } = JSON.parse(rebuilt.stdout);
  const searched = async () => {
    const { stdout } = await runOps(["index-status", "--json"], env);
    const { indexes } = JSON.parse(stdout) as { indexes: { name: string; searched: boolean }[] };
    return indexes.filter((one) => one.searched).map(({ name }) => name);
  };
  expect([await searched(), await found()]).toEqual([[index], 1]);
  expect((await runOps(["rollback", rebuildId], env)).stdout).toBe(
    `${previousIndex} is searched now.\n`,
  );
  expect([await searched(), await found()]).toEqual([[previousIndex], 1]);
  await runOps(["rollback", rebuildId, "--to", "rebuilt"], env);
  expect(await searched()).toEqual([index]);
  expect((await runOps(["cancel", rebuildId], env)).stderr).toMatch(/has ended/);
  expect((await runOps(["rebuilds"], env)).stdout).toMatch(
    new RegExp(`^${rebuildId} +completed`, "m"),
  );

  const compared = await runOps(["compare", "--json"], env);
  expect(JSON.parse(compared.stdout)).toMatchObject({ index, disagreements: [] });
  expect(compared.code).toBe(0);
});
