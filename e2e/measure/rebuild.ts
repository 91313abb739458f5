import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type SearchPage, signIn, type User } from "../client.ts";
import { watchSearches } from "../rebuild-traffic.ts";
import { compare, getRebuild, type Rebuild, startRebuild } from "../rebuilds.ts";
import { openTables, putImages, type StoredImage, storedImage } from "../stored-images.ts";
import { newDataFolder, removeDataFolder, startSystem } from "../system.ts";

/**
 * A rebuild of many images, with searches, edits, deletions and new images all through, none of which
 * may fail, be missed or come back; prints what it took:
 *
 *     node e2e/measure/rebuild.ts [--images 100000] [--source catalog|archive]
 *
 * The images are put into the catalog's table as it would have written them; from there on everything
 * goes its usual way.
 */

const { values } = parseArgs({
  options: {
    images: { type: "string", default: "100000" },
    source: { type: "string", default: "catalog" },
  },
});
const COUNT = Number(values.images);
const PER_OWNER = 500;
const OWNERS = Math.ceil(COUNT / PER_OWNER);
/** Pictures of the owner whose searches are held against each other one by one. */
const WATCHED = 80;
const TAG = "watched";

const say = (line: string) => process.stdout.write(`${line}\n`);
const seconds = (since: number) => (performance.now() - since) / 1_000;
const folder = newDataFolder();
const system = await startSystem(folder);
const table = openTables(folder);
const put = (items: StoredImage[]) => putImages(table.documents, items);
try {
  const admin = await signIn(system.url, "root", true);
  const watched = await signIn(system.url, "watched");
  const owners = Array.from({ length: OWNERS }, (_, n) => `owner-${n}`);

  let since = performance.now();
  const pictures = Array.from({ length: WATCHED }, () => storedImage("watched", [TAG]));
  await put(pictures);
  await inParallel(owners, 4, async (owner, n) => {
    const count = Math.min(PER_OWNER, COUNT - n * PER_OWNER);
    await put(Array.from({ length: count }, () => storedImage(owner, ["bulk"])));
  });
  report("written into the catalog's table", COUNT, since);
  since = performance.now();
  await indexed(watched, WATCHED);
  await inParallel(owners, 4, async (owner, n) => {
    const user = await signIn(system.url, owner);
    await indexed(user, Math.min(PER_OWNER, COUNT - n * PER_OWNER));
  });
  report("projected by live events, after that", COUNT, since);

  const ids = pictures.map(({ SK }) => SK.replace("imageId#", ""));
  const [doomed, edited] = [ids.slice(0, 25), ids.slice(25, 50)];
  const watch = watchSearches(watched, TAG, ids.slice(25));
  const totals = await watchTotals(owners.slice(0, 20));
  since = performance.now();
  const rebuildId = await startRebuild(admin, { source: values.source });
  const traffic = keepChanging(watched, doomed, edited);
  const rebuild = await follow(admin, rebuildId);
  report(`rebuilt from the ${values.source}`, COUNT, since);
  say(`${JSON.stringify(rebuild.disagreements)} repaired; ${rebuild.status}`);
  await traffic.stop();
  const left = WATCHED - traffic.deleted + traffic.added;
  await indexed(watched, left);
  await Promise.all([watch.stop(), totals.stop()]);
  say(
    `meanwhile ${watch.searches + totals.searches} searches, ${traffic.edits} edits, ${traffic.deleted} deletions, ${traffic.added} new images`,
  );
  since = performance.now();
  const comparison = await compare(admin, 600_000);
  say(
    `compared ${comparison.images} images in ${seconds(since).toFixed(1)} s: ${comparison.disagreementCount} disagreements`,
  );
  const faults = [...watch.faults, ...totals.faults];
  for (const fault of faults.slice(0, 20)) say(`FAULT: ${fault}`);
  if (faults.length > 0 || rebuild.status !== "completed" || comparison.disagreementCount > 0) {
    throw new Error(`Not as it has to be: ${rebuild.reason ?? `${faults.length} faults`}.`);
  }
  say("no search failed, missed anything or brought anything back");
} finally {
  table.client.destroy();
  await system.stop();
  removeDataFolder(folder);
}

function report(what: string, count: number, since: number): void {
  const took = seconds(since);
  say(`${what}: ${took.toFixed(1)} s, ${Math.round(count / took)} images/s`);
}

async function inParallel<T>(all: T[], width: number, act: (one: T, n: number) => Promise<void>) {
  const queue = [...all.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await act(next[1], next[0]);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

async function total(user: User): Promise<number> {
  const { status, body } = await user.get<SearchPage>("/v1/search?limit=1");
  if (status !== 200) throw new Error(`A search answered ${status}.`);
  return body.total;
}

async function indexed(user: User, count: number): Promise<void> {
  while ((await total(user)) !== count) await pause(250);
}

/** Owners that nobody changes: each search of theirs finds as many as ever. */
async function watchTotals(names: string[]) {
  const users = await Promise.all(names.map((name) => signIn(system.url, name)));
  const counts = await Promise.all(users.map(total));
  const state = { searches: 0, faults: [] as string[] };
  let going = true;
  const loop = async () => {
    for (let turn = 0; going; turn = (turn + 1) % users.length) {
      const user = users[turn];
      if (!user) break;
      const now = await total(user).catch((error: unknown) => String(error));
      state.searches += 1;
      if (now !== counts[turn]) state.faults.push(`${user.id} has ${now}, not ${counts[turn]}`);
      await pause(20);
    }
  };
  const ended = loop();
  return Object.assign(state, {
    async stop() {
      going = false;
      await ended;
    },
  });
}

/** Edits, deletions and new images of one owner, until it is stopped. */
function keepChanging(user: User, doomed: string[], edited: string[]) {
  const state = { edits: 0, deleted: 0, added: 0 };
  let going = true;
  const loop = async () => {
    for (let turn = 0; going; turn += 1) {
      const target = edited[turn % edited.length];
      const body = { caption: `Edited ${turn}` };
      const { status } = await user.call("PATCH", `/v1/images/${target}`, { body });
      if (status !== 200) throw new Error(`An edit answered ${status}.`);
      state.edits += 1;
      const gone = turn % 8 === 4 ? doomed[state.deleted] : undefined;
      if (gone) {
        await user.call("DELETE", `/v1/images/${gone}`);
        state.deleted += 1;
      }
      // Never more than the hundred that one search shows.
      if (turn % 16 === 8 && state.added < 18) {
        await put([storedImage(user.id, [TAG])]);
        state.added += 1;
      }
      await pause(100);
    }
  };
  const ended = loop();
  return Object.assign(state, {
    async stop() {
      going = false;
      await ended;
    },
  });
}

/** Prints each phase with its time. */
async function follow(admin: User, rebuildId: string): Promise<Rebuild> {
  let phase = "";
  let since = performance.now();
  for (;;) {
    const rebuild = await getRebuild(admin, rebuildId);
    if (rebuild.phase !== phase) {
      if (phase) say(`  ${phase.padEnd(12)} ${seconds(since).toFixed(1)} s`);
      [phase, since] = [rebuild.phase, performance.now()];
    }
    if (phase === "done") return rebuild;
    await pause(200);
  }
}
