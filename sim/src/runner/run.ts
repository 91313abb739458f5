import { cachedGraph } from "@shoebox/local/graph/cached-graph";
import { awsWorld } from "@shoebox/local/graph/resource";
import { createClient } from "../clients/client.ts";
import { pictures } from "../clients/pictures.ts";
import type { Story } from "../clients/story.ts";
import { redriveAll } from "../commands/world.ts";
import { ANSWERS, invariants, MESSAGES } from "../invariants/all.ts";
import { readState, type State } from "../invariants/state.ts";
import { type Declared, declared } from "../world/declared.ts";
import { NO_FAULTS } from "../world/faults.ts";
import { goOnUntil } from "../world/go-on.ts";
import type { Mutation } from "../world/mutation.ts";
import { createRandom } from "../world/random.ts";
import { createWorld, type World } from "../world/world.ts";
import { commands, type Plan } from "./plan.ts";
import { comeToRest, isReconciliation, reconcile } from "./rest.ts";

export interface Result {
  /** What was seen that must not be; none when all is well. */
  violations: string[];
  trace: readonly string[];
  digest: string;
  /** How much there was: what makes a run that found nothing mean something. */
  counts: {
    uploads: number;
    ready: number;
    deleted: number;
    /** What processes have asked of stores until the last step of the plan. */
    calls: number;
  };
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** How long things go on going wrong when nobody does anything any more. */
const AFTERMATH = 40 * MINUTE;
/** Lines of a trace that tell of messages which nobody has any more. */
const LOSSES = / messages of .* are purged| are given up$| a message grew too old$/;

let graph: Promise<Declared> | undefined;

/** The programs as production has them: its archive goes back further than any tombstone. */
function production(): Promise<Declared> {
  graph ??= cachedGraph({ stack: "prod", config: {}, world: awsWorld }).then(declared);
  return graph;
}

/** Runs a plan to its end and lets the world come to rest; then everything must be as it should. */
export async function run(plan: Plan, mutation: Mutation = {}): Promise<Result> {
  const given = await production();
  const library = await pictures();
  await warmUp(given);
  const world = createWorld(given, { ...plan, mutation });
  const stories: Story[] = [];
  const violations: string[] = [];
  const violated = (what: string) => {
    world.trace.add(`VIOLATION ${what}`);
    violations.push(what);
  };
  try {
    // The most frequent ones would be most of what happens.
    world.schedules.leastInterval = 10 * MINUTE;
    world.schedules.held = isReconciliation;
    const client = createClient(world);
    const random = createRandom(`choices/${plan.seed}`);
    const begin = world.scheduler.now();
    for (const step of plan.steps) {
      await passUntil(begin + step.at, world);
      const stage = {
        world,
        client,
        pictures: library,
        stories,
        random: random.fork(String(step.choice)),
        violated: (what: string) => violated(`${ANSWERS}: ${what}`),
      };
      commands[step.command](stage).catch((error: unknown) =>
        violated(`a command failed: ${step.command}: ${error}`),
      );
    }
    const calls = world.faults.calls();
    await world.scheduler.settle(AFTERMATH);
    await comeToRest(world, client);
    if (!world.trace.lines.some((line) => LOSSES.test(line))) {
      // Nothing was lost that only a reconciliation could know of: it finds nothing to do.
      check(await readState(world, stories), world, violated);
    }
    await reconcile(world);
    const state = await readState(world, stories);
    check(state, world, violated);
    const images = [...state.images.values()];
    return {
      violations,
      trace: world.trace.lines,
      digest: world.trace.digest(),
      counts: {
        uploads: state.sessions.size,
        ready: images.filter((image) => image.processed).length,
        deleted: images.filter((image) => image.deletedAt).length,
        calls,
      },
    };
  } catch (error) {
    violated(`the simulation failed: ${error}`);
    const counts = { uploads: 0, ready: 0, deleted: 0, calls: 0 };
    return { violations, trace: world.trace.lines, digest: world.trace.digest(), counts };
  } finally {
    world.close();
  }
}

/** Lets time pass up to a step. In a break of hours what went wrong is repaired, and weeks pass quietly. */
async function passUntil(time: number, world: World): Promise<void> {
  const { scheduler, schedules, faults, trace } = world;
  if (time - scheduler.now() > HOUR) {
    await scheduler.settle(AFTERMATH);
    faults.suspend();
    await scheduler.settle();
    redriveAll(world);
    await scheduler.settle();
    const gap = time - scheduler.now();
    trace.add(`${Math.round(gap / HOUR)} hours pass`);
    schedules.leastInterval = gap / 4;
    // In the course of days everything is looked at.
    if (gap > 24 * HOUR) schedules.held = () => false;
    await scheduler.pass(gap);
    schedules.leastInterval = 10 * MINUTE;
    schedules.held = isReconciliation;
    faults.resume();
  }
  await scheduler.pass(time - scheduler.now());
}

function check(state: State, world: World, violated: (what: string) => void): void {
  for (const [name, invariant] of Object.entries(invariants)) {
    for (const fault of invariant(state)) violated(`${name}: ${fault}`);
  }
  for (const { spec, messages } of world.queues) {
    const count = messages().length;
    if (count > 0) violated(`${MESSAGES}: ${count} are left in ${spec.name}`);
  }
}

let warm: Promise<void> | undefined;

/**
 * The SDK reads files (its shared configuration) when it is first used. That takes real time, so it
 * is over, to its last answer, before the first simulation begins.
 */
function warmUp(given: Declared): Promise<void> {
  warm ??= (async () => {
    const world = createWorld(given, { seed: "warm-up", faults: NO_FAULTS });
    try {
      const client = createClient(world);
      const path = "/v1/uploads/quota";
      const request = client.ask("upload", { userId: "ann", method: "GET", path });
      const answer = await goOnUntil(request, world.scheduler);
      if (answer?.status !== 200) throw new Error(`The warm-up failed: ${answer?.status}.`);
    } finally {
      world.close();
    }
  })();
  return warm;
}
