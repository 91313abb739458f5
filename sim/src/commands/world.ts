import type { Store } from "../world/faults.ts";
import type { World } from "../world/world.ts";
import type { Command } from "./command.ts";

const STORES: Store[] = ["dynamodb", "s3", "sqs", "events", "search"];

/** A store is away: for seconds, minutes or hours. */
export const outage: Command = async ({ world, random }) => {
  const store = random.pick(STORES);
  const ms =
    random.pick([5_000, 5_000, 60_000, 60_000, 1_200_000, 14_400_000]) * random.between(0.5, 1);
  world.trace.add(`outage of ${store} for ${Math.round(ms / 1000)} s`);
  world.faults.outage(store, ms);
};

/** A bad deployment of one function, which fails until the next one. */
export const breakdown: Command = async ({ world, random }) => {
  const functions = world.declared.functions.filter(({ name }) => !/^(api|authorizer)$/.test(name));
  const { service, name } = random.pick(functions);
  const ms = random.pick([60_000, 1_800_000, 10_800_000]) * random.between(0.5, 1);
  world.trace.add(`${service}/${name} is broken for ${Math.round(ms / 1000)} s`);
  world.faults.breakdown(`${service}/${name}`, ms);
};

/** Queues whose messages somebody asks for again, if they are lost. */
const REMEMBERED = [
  "upload-object-created",
  "upload-image-deleted",
  "processing-image-deleted",
  "processing-worker",
];

/** A function is broken, and who repairs it throws away what waited meanwhile. */
export const lose: Command = async ({ world, client, random }) => {
  const name = random.pick(REMEMBERED);
  const queue = world.queue(name);
  const ms = random.between(10_000, 200_000);
  world.trace.add(`${name} is broken for ${Math.round(ms / 1000)} s`);
  world.faults.breakdown(name.replace("-", "/"), ms);
  await client.pause(ms);
  world.trace.add(`${queue.purge()} messages of ${queue.spec.name} are purged`);
};

/** Somebody replays the archive to every rule, though a rebuild would name its own. */
export const replay: Command = async ({ world, random }) => {
  const { scheduler, events } = world;
  const name = `replay-${random.int(1_000)}`;
  const count = events.replay({ name, from: 0, to: scheduler.now(), rules: [] });
  world.trace.add(`${name} of ${count} events to all rules`);
};

/** Somebody moves what is in dead-letter queues back to where it failed. */
export const redrive: Command = async ({ world }) => {
  redriveAll(world);
};

export function redriveAll(world: World): number {
  let moved = 0;
  for (const queue of world.queues) {
    const deadLetters = world.queues.find(({ spec }) => spec.arn === queue.spec.deadLetterArn);
    for (const { body, receipt = "" } of deadLetters?.receive(Number.POSITIVE_INFINITY) ?? []) {
      deadLetters?.delete(receipt);
      queue.send(body);
      moved += 1;
    }
  }
  if (moved > 0) world.trace.add(`${moved} dead letters go back to their queues`);
  return moved;
}

/** A schedule runs out of turn. */
export const runSchedule: Command = async ({ world, random }) => {
  const name = random.pick(world.schedules.names);
  world.trace.add(`the schedule ${name} runs now`);
  world.schedules.fire(name);
};
