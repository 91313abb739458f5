import type { Client } from "../clients/client.ts";
import { redriveAll } from "../commands/world.ts";
import type { World } from "../world/world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Rounds in which a rebuild must have ended: it gives up by itself in time. */
const REBUILD_ROUNDS = 300;

export const isReconciliation = (name: string): boolean => name.includes("-reconcile-");

/**
 * Nothing more goes wrong, outages end, time passes, jobs run, and somebody looks after the dead
 * letters. Reconciliations rest: what they would repair must not be there.
 */
export async function comeToRest(world: World, client: Client): Promise<void> {
  const { scheduler, schedules, faults, trace } = world;
  faults.suspend();
  trace.add("nothing more goes wrong from now on");
  const outages = faults.outagesLast();
  if (outages > 0) {
    schedules.leastInterval = outages / 4;
    await scheduler.pass(outages);
  }
  await scheduler.settle();
  schedules.held = () => true;
  for (const ms of [20 * MINUTE, 70 * MINUTE, 26 * HOUR, 20 * MINUTE]) {
    redriveAll(world);
    await scheduler.settle();
    await scheduler.pass(ms);
    await runAll(world, (name) => !isReconciliation(name));
    await endRebuilds(world);
  }
  if (discardGivenUp(world)) {
    trace.add("the index was not told of everything, and is built anew");
    const begun = client.insist("search", {
      userId: "root",
      admin: true,
      method: "POST",
      path: "/v1/search/rebuilds",
      headers: { "Idempotency-Key": "after-a-loss" },
      body: { source: "catalog" },
    });
    await scheduler.settle();
    await begun;
    await endRebuilds(world);
  }
}

/** Lets a day pass and the reconciliations do their work. */
export async function reconcile(world: World): Promise<void> {
  const { scheduler } = world;
  for (const ms of [26 * HOUR, 20 * MINUTE]) {
    await scheduler.pass(ms);
    await runAll(world, () => true);
  }
}

async function runAll(world: World, isOne: (name: string) => boolean): Promise<void> {
  for (const name of world.schedules.names.filter(isOne)) world.schedules.fire(name);
  await world.scheduler.settle();
}

/** A rebuild whose chain of steps broke is taken up by the clock. */
async function endRebuilds(world: World): Promise<void> {
  const isActive = () =>
    world
      .table("search")
      .items()
      .some(({ PK }) => PK?.S === "active");
  for (let round = 0; isActive(); round++) {
    if (round === REBUILD_ROUNDS) throw new Error("A rebuild does not come to an end.");
    await world.scheduler.pass(5 * MINUTE);
    await runAll(world, (name) => name.endsWith("-search-rebuild"));
  }
}

/**
 * What relays gave up is told without its content, and so can't be sent again: who is told discards
 * it and sees to the rest. True when the catalog's changes are among it, of which nobody asks again.
 */
function discardGivenUp(world: World): boolean {
  let isCatalogs = false;
  for (const queue of world.queues) {
    if (!queue.spec.name.endsWith("-relay-failed") || queue.purge() === 0) continue;
    isCatalogs ||= queue.spec.name.includes("-catalog-");
  }
  return isCatalogs;
}
