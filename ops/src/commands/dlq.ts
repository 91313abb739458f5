import { SQSClient } from "@aws-sdk/client-sqs";
import { count } from "../amounts.ts";
import { awsOf, envOf, envOption } from "../aws.ts";
import type { Command, Given, Session } from "../command.ts";
import { discard, goThrough, paced, redrive, type Wish } from "../dead-letters/go-through.ts";
import type { Letter } from "../dead-letters/letter.ts";
import { type LetterQueue, letterQueues } from "../dead-letters/queues.ts";
import { ExitCode, Failure } from "../failure.ts";
import { table } from "../table.ts";

const actions = ["list", "show", "redrive", "discard"] as const;
type Action = (typeof actions)[number];

/** Letters a second that are redriven, unless told otherwise: a consumer that just failed is not flooded. */
const RATE = 50;
/** Letters that are shown, unless told otherwise. */
const SHOWN = 10;

interface Work {
  sqs: SQSClient;
  queues: LetterQueue[];
  wish: Wish;
  rate: number;
  dryRun: boolean;
  session: Session;
}

export const dlq: Command = {
  name: "dlq",
  summary: "what could not be handled: list and show it, have it tried again, throw it away",
  words: ["ACTION", "[QUEUE]"],
  options: {
    ...envOption,
    reason: { type: "string", value: "TEXT", help: "only letters whose reason has this in it" },
    limit: { type: "string", value: "N", help: "at most so many letters" },
    rate: { type: "string", value: "N", help: `redrive so many a second (default ${RATE})` },
    "dry-run": { type: "boolean", help: "say what would be done, and do nothing" },
  },
  examples: [
    "dlq list",
    "dlq show shoebox-local-processing-worker-dlq --limit 3",
    "dlq redrive all --reason crashed --dry-run",
    "dlq discard shoebox-prod-search-projector-dlq --env prod --url https://api.example.com",
  ],
  async run(given, session) {
    const { action, asked } = understand(given);
    const env = envOf(session.api, given);
    const sqs = new SQSClient(awsOf("SQS", session.api, given));
    try {
      const all = await letterQueues(sqs, env);
      if (all.length === 0) throw new Failure(`There are no queues of shoebox-${env}.`);
      const queues = asked === "all" ? all : all.filter(({ name }) => name === asked);
      if (queues.length === 0) {
        throw new Failure(
          `There is no dead-letter queue ${asked}: dlq list shows those there are.`,
        );
      }
      const { options } = given;
      const work: Work = {
        sqs,
        queues: queues.filter(({ letters }) => letters > 0 || asked !== "all"),
        wish: { limit: number(options, "limit"), reason: options.reason as string | undefined },
        rate: number(options, "rate") ?? RATE,
        dryRun: options["dry-run"] === true,
        session,
      };
      if (action === "list") return list(all, session);
      if (action === "show") return await show(work);
      return await move(action, work);
    } finally {
      sqs.destroy();
    }
  },
};

function understand({ words: [word = "", asked] }: Given): { action: Action; asked: string } {
  const action = actions.find((one) => one === word);
  if (!action) throw new Failure(`dlq knows ${actions.join(", ")}, not ${word}.`, ExitCode.misuse);
  // What can't be undone is said queue by queue, or in so many words.
  if (action === "list") return { action, asked: "all" };
  if (asked === undefined) {
    throw new Failure(`dlq ${action} needs a queue's name, or all.`, ExitCode.misuse);
  }
  return { action, asked };
}

function list(queues: LetterQueue[], { screen, json }: Session): ExitCode {
  const full = queues.filter(({ letters }) => letters > 0);
  if (json) screen.say(JSON.stringify(queues));
  else if (full.length === 0) screen.say(`No dead letters in ${queues.length} queues.`);
  else {
    const columns = [
      { heading: "queue" },
      { heading: "of a" },
      { heading: "letters", right: true },
    ];
    const rows = full.map(({ name, kind, letters }) => [name, kind, count(letters)]);
    for (const line of table(columns, rows)) screen.say(line);
  }
  return full.length === 0 ? ExitCode.done : ExitCode.notGood;
}

async function show({ sqs, queues, wish, session: { screen, json } }: Work): Promise<ExitCode> {
  for (const queue of queues) {
    await goThrough(sqs, queue, { limit: SHOWN, ...defined(wish) }, async (letter) => {
      const { message, reason, at } = letter;
      if (json) screen.say(JSON.stringify({ queue: queue.name, at, reason, body: message.Body }));
      else screen.say(`${queue.name}\n  ${at}  ${reason}\n  ${message.Body}\n`);
      return "kept";
    });
  }
  return ExitCode.done;
}

async function move(action: "redrive" | "discard", work: Work): Promise<ExitCode> {
  const { sqs, queues, wish, rate, dryRun, session } = work;
  const { screen, json } = session;
  const pace = paced(rate);
  const report: { queue: string; done: number; left: number }[] = [];
  for (const queue of queues) {
    const line = { queue: queue.name, done: 0, left: 0 };
    report.push(line);
    await goThrough(sqs, queue, wish, async (letter: Letter) => {
      if (action === "redrive" && !letter.redrivable) {
        line.left += 1;
        return "kept";
      }
      line.done += 1;
      screen.show(`${queue.name}: ${count(line.done)} of about ${count(queue.letters)}`);
      if (dryRun) return "kept";
      await pace();
      await (action === "redrive" ? redrive : discard)(sqs, queue, letter);
      return "gone";
    });
  }
  if (json) screen.say(JSON.stringify({ action, dryRun, queues: report }));
  else {
    const words = { redrive: "tried again", discard: "thrown away" }[action];
    for (const { queue, done, left } of report) {
      const rest =
        left > 0
          ? `; ${count(left)} tell of changes that the stream does not have any more: what waits for them is published again by itself, and "compare" shows what the index lacks`
          : "";
      screen.say(`${queue}: ${count(done)} ${dryRun ? "would be" : "were"} ${words}${rest}`);
    }
    if (report.length === 0) screen.say("There are no dead letters.");
  }
  return ExitCode.done;
}

function defined(wish: Wish): Wish {
  return Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined));
}

function number(options: Given["options"], name: string): number | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  const parsed = Number(value);
  if (Number.isInteger(parsed) && parsed > 0) return parsed;
  throw new Failure(`--${name} takes a number from 1, not ${value}.`, ExitCode.misuse);
}
