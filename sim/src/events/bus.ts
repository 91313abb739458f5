import { compilePattern } from "@shoebox/local/eventbridge/pattern";
import type { Queue } from "../sqs/queue.ts";
import type { Faults } from "../world/faults.ts";
import type { Random } from "../world/random.ts";
import type { Scheduler } from "../world/scheduler.ts";
import type { ArchiveSpec, RuleSpec } from "./spec.ts";

export interface BusEntry {
  bus: string;
  source: string;
  detailType: string;
  detail: unknown;
}

export type BusEvent = Record<string, unknown> & { id: string };

export interface Replay {
  name: string;
  /** Milliseconds, of the time at which the events were published. */
  from: number;
  to: number;
  /** ARNs of the rules that get them; none means all. */
  rules: string[];
}

/** EventBridge: rules that lead events to queues, and an archive that remembers them. */
export interface Events {
  /** Puts an event on its bus and answers its id. */
  put(entry: BusEntry): string;
  replay(replay: Replay): number;
  /** What the services themselves ask of archives. @throws EventsError */
  act(operation: string, request: Record<string, unknown>): Record<string, unknown>;
}

/** An error as EventBridge answers it. */
export class EventsError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** How long a delivery is tried (ms), and the pauses between. */
const DELIVERY_AGE = 86_400_000;
const LONGEST_PAUSE = 1_800_000;

export function createEvents(
  declared: { rules: RuleSpec[]; archives: ArchiveSpec[] },
  world: {
    scheduler: Scheduler;
    random: Random;
    faults: Faults;
    id: () => string;
    queue: (arn: string) => Queue;
    say: (text: string) => void;
  },
): Events {
  const { scheduler, random, faults } = world;
  const rules = declared.rules
    .filter((rule) => rule.pattern !== undefined)
    .map((rule) => ({ ...rule, matches: compilePattern(rule.pattern) }));
  const archives = declared.archives.map((archive) => ({
    ...archive,
    matches: archive.pattern === undefined ? () => true : compilePattern(archive.pattern),
    events: [] as { at: number; event: BusEvent }[],
  }));

  function publish(bus: string, event: BusEvent, only: string[] = []): void {
    for (const rule of rules) {
      if (rule.bus !== bus || !rule.matches(event)) continue;
      if (only.length > 0 && !only.includes(rule.arn)) continue;
      const copies = faults.isTwice() ? 2 : 1;
      for (let copy = 0; copy < copies; copy++) {
        scheduler.after(faults.delay(), () => deliver(rule, event, scheduler.now(), 1));
      }
    }
  }

  /** To the rule's queue; as long as that can't be reached, again, for a day; then to its dead letters. */
  function deliver(rule: RuleSpec, event: BusEvent, since: number, attempt: number): void {
    const body = rule.input ?? JSON.stringify(event);
    const again = (next: () => void) =>
      scheduler.after(Math.min(1_000 * 2 ** attempt, LONGEST_PAUSE) * random.between(0.5, 1), next);
    if (!faults.isDown("sqs")) {
      world.queue(rule.queueArn).send(body);
      return;
    }
    if (scheduler.now() - since < DELIVERY_AGE) {
      again(() => deliver(rule, event, since, attempt + 1));
      return;
    }
    const bury = () => {
      if (faults.isDown("sqs")) return again(bury);
      world.say(`${rule.name}: an event could not be delivered`);
      if (rule.deadLetterArn === undefined) return;
      world.queue(rule.deadLetterArn).send(body, {
        RULE_ARN: { DataType: "String", StringValue: rule.arn },
        ERROR_CODE: { DataType: "String", StringValue: "SDK_CLIENT_ERROR" },
      });
    };
    bury();
  }

  const replays = new Map<string, { state: string; ended: boolean }>();
  const began = scheduler.now();

  const actions: Record<string, (request: Record<string, never>) => Record<string, unknown>> = {
    DescribeArchive: ({ ArchiveName }) => {
      const archive = archives.find(({ arn }) => arn.endsWith(`/${ArchiveName}`));
      if (!archive) throw new EventsError("ResourceNotFoundException", `${ArchiveName}`);
      return { CreationTime: began / 1000, RetentionDays: archive.retention / 86_400_000 };
    },
    StartReplay: (request) => {
      const name = String(request.ReplayName);
      if (replays.has(name)) throw new EventsError("ResourceAlreadyExistsException", name);
      if (!(Number(request.EventStartTime) < Number(request.EventEndTime))) {
        throw new EventsError("ValidationException", "EventStartTime must be before EventEndTime.");
      }
      const destination = request.Destination as unknown as { FilterArns?: string[] };
      const unknown = destination.FilterArns?.find((arn) => !rules.some((one) => one.arn === arn));
      if (unknown !== undefined) throw new EventsError("ValidationException", `No rule ${unknown}`);
      const replay = { state: "RUNNING", ended: false };
      replays.set(name, replay);
      scheduler.after(random.between(1_000, 120_000), () => {
        if (replay.ended) return;
        events.replay({
          name,
          from: Number(request.EventStartTime) * 1000,
          to: Number(request.EventEndTime) * 1000,
          rules: destination.FilterArns ?? [],
        });
        scheduler.after(random.between(1_000, 60_000), () => {
          if (!replay.ended) Object.assign(replay, { state: "COMPLETED", ended: true });
        });
      });
      return { State: "STARTING" };
    },
    DescribeReplay: ({ ReplayName }) => {
      const replay = replays.get(String(ReplayName));
      if (!replay) throw new EventsError("ResourceNotFoundException", `${ReplayName}`);
      return { State: replay.state };
    },
    CancelReplay: ({ ReplayName }) => {
      const replay = replays.get(String(ReplayName));
      if (!replay) throw new EventsError("ResourceNotFoundException", `${ReplayName}`);
      if (replay.ended) throw new EventsError("IllegalStatusException", "it has ended");
      Object.assign(replay, { state: "CANCELLED", ended: true });
      return { State: "CANCELLING" };
    },
  };

  const events: Events = {
    act(operation, request) {
      const action = actions[operation];
      if (!action)
        throw new EventsError("NotSupported", `The simulated bus knows no ${operation}.`);
      return action(request as Record<string, never>);
    },

    put({ bus, source, detailType, detail }) {
      const event: BusEvent = {
        version: "0",
        id: world.id(),
        "detail-type": detailType,
        source,
        account: "000000000000",
        time: `${new Date(scheduler.now()).toISOString().slice(0, 19)}Z`,
        region: "us-east-1",
        resources: [],
        detail,
      };
      for (const archive of archives) {
        if (!archive.busArn.endsWith(`/${bus}`) || !archive.matches(event)) continue;
        archive.events.push({ at: scheduler.now(), event });
      }
      publish(bus, event);
      return event.id;
    },

    replay({ name, from, to, rules: only }) {
      let replayed = 0;
      for (const archive of archives) {
        const oldest = scheduler.now() - archive.retention;
        const bus = archive.busArn.split("/").at(-1) ?? "";
        const events = archive.events.filter(({ at }) => at >= Math.max(from, oldest) && at < to);
        replayed += events.length;
        for (const { event } of random.shuffled(events)) {
          publish(bus, { ...event, "replay-name": name }, only);
        }
      }
      return replayed;
    },
  };
  return events;
}
