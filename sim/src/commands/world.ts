import type { Store } from "../world/faults.ts";
import type { World } from "../world/world.ts";
import type { Command } from "./command.ts";

const STORES: Store[] = ["dynamodb", "s3", "sqs", "events", "search"];

/** Milliseconds: mostly short. */
const OUTAGES = [
  ...Array(6).fill(5_000),
  ...Array(6).fill(60_000),
  ...Array(3).fill(1_200_000),
  ...Array(2).fill(14_400_000),
] as number[];
/** Milliseconds: longer than a stream keeps its changes, and the bus what it can't deliver. */
const LONG = 110_000_000;

/** A store is away: for seconds, minutes or hours. */
export const outage: Command = async ({ world, random }) => {
  const store = random.pick(STORES);
  const isLong = /^(events|sqs)$/.test(store) && random.chance(0.1);
  const ms = isLong ? LONG : random.pick(OUTAGES) * random.between(0.5, 1);
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

/** Answers how many dead letters went back to where they failed. */
export function redriveAll(world: World): number {
  const { queues, declared, trace } = world;
  const byArn = (arn: string | undefined) => queues.find(({ spec }) => spec.arn === arn);
  const ways = [
    ...queues.map((queue) => ({ from: byArn(queue.spec.deadLetterArn), to: queue })),
    ...declared.rules.map((rule) => ({
      from: byArn(rule.deadLetterArn),
      to: byArn(rule.queueArn),
    })),
  ];
  let moved = 0;
  for (const { from, to } of ways) {
    for (const { body, receipt = "" } of from?.receive(Number.POSITIVE_INFINITY) ?? []) {
      from?.delete(receipt);
      to?.send(body);
      moved += 1;
    }
  }
  if (moved > 0) trace.add(`${moved} dead letters go back to where they failed`);
  return moved;
}

/** Milliseconds of the longest jump: longer than any function runs, and than most leases. */
const JUMPS = [2_000, 60_000, 900_000, 3_600_000];

/** Everything stands still for a while and goes on as if nothing had been: timeouts and leases are over. */
export const jump: Command = async ({ world, random }) => {
  const ms = random.pick(JUMPS) * random.between(0.5, 1);
  world.scheduler.jump(ms);
  world.trace.add(`the clock has jumped by ${Math.round(ms / 1000)} s`);
};

/** An operator has a service reconciled, with repairs or to see what it would do. */
export const reconcile: Command = async ({ world, random }) => {
  const queue = world.queue(
    random.pick(["reconcile-uploads", "reconcile-images", "reconcile-renditions"]),
  );
  const dryRun = random.chance(0.5);
  world.trace.add(`${queue.spec.name} is asked for${dryRun ? ", as a dry run" : ""}`);
  queue.send(JSON.stringify({ reconcile: { id: `run-${random.int(1_000)}`, dryRun } }));
};

/** A schedule runs out of turn. */
export const runSchedule: Command = async ({ world, random }) => {
  const name = random.pick(world.schedules.names);
  world.trace.add(`the schedule ${name} runs now`);
  world.schedules.fire(name);
};
