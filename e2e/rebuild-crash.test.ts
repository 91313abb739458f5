import { afterAll, beforeAll, expect, it } from "vitest";
import { type SearchPage, signIn, type User, upload } from "./client.ts";
import { eventually } from "./eventually.ts";
import { listenToFacts } from "./facts.ts";
import { smallPicture } from "./pictures.ts";
import { compare, endOf, getRebuild, startRebuild } from "./rebuilds.ts";
import {
  newDataFolder,
  removeDataFolder,
  type System,
  startSystem,
  stillRunning,
} from "./system.ts";

/** Seconds until an event is in the archive, as on AWS it takes minutes. */
const LAG = ["--archive-lag", "3"];
const folder = newDataFolder();
let system: System;
let admin: User;
let user: User;

beforeAll(async () => {
  system = await startSystem(folder, ...LAG);
  [admin, user] = await Promise.all([signIn(system.url, "root", true), signIn(system.url)]);
});
afterAll(async () => {
  await system?.stop();
  removeDataFolder(folder);
});

async function uploadMany(count: number): Promise<string[]> {
  const facts = await listenToFacts(system.url);
  const bytes = await smallPicture(count);
  const ids = await Promise.all(
    Array.from({ length: count }, () => upload(user, bytes, { contentType: "image/jpeg" })),
  );
  await Promise.all(ids.map((id) => facts.status(id, "ready")));
  facts.close();
  return ids;
}

const found = async () =>
  (await user.get<SearchPage>("/v1/search?limit=100")).body.items
    .map(({ imageId }) => imageId)
    .toSorted();

it("a rebuild from an archive that lags goes on after a kill -9 of everything, and is whole", async () => {
  const ids = await uploadMany(6);
  const [doomed = "", ...kept] = ids;
  const expected = [...kept].toSorted();
  await user.call("DELETE", `/v1/images/${doomed}`);
  // Among the events that the archive does not have yet when the first replay reads it.
  const rebuildId = await startRebuild(admin, { source: "archive" });
  await eventually(
    () => getRebuild(admin, rebuildId),
    ({ phase }) => phase === "filling" || phase === "waiting",
  );
  const children = await system.kill();
  await eventually(
    () => stillRunning(children),
    (running) => running.length === 0,
  );
  system = await startSystem(folder, ...LAG);
  const late = await uploadMany(1);
  expect(await endOf(admin, rebuildId, 90_000)).toMatchObject({ status: "completed" });
  expect(await eventually(found, (all) => all.length === expected.length + 1)).toEqual(
    [...expected, ...late].toSorted(),
  );
  expect(await compare(admin)).toMatchObject({ status: "completed", disagreementCount: 0 });
}, 180_000);
