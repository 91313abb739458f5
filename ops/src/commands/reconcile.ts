import { setTimeout as pause } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createReconciliationTable } from "@shoebox/shared/aws/reconciliation-table";
import type { Run } from "@shoebox/shared/reconcile/run";
import { count } from "../amounts.ts";
import { awsOf, awsOptions } from "../aws.ts";
import type { Command, Session } from "../command.ts";
import { ExitCode, Failure } from "../failure.ts";

/** Where each service's reconciliation is asked for, and where it keeps its report. */
const services = {
  upload: { queue: "upload-reconcile-uploads", table: "upload-uploads" },
  catalog: { queue: "catalog-reconcile-images", table: "catalog-images" },
  processing: { queue: "processing-reconcile-renditions", table: "processing-jobs" },
} as const;

/** Milliseconds between two looks at how far it is. */
const LOOK_EVERY = 1_000;

export const reconcile: Command = {
  name: "reconcile",
  summary: "compare what a service has with what it should have; repairs only when told to",
  words: ["SERVICE"],
  options: {
    ...awsOptions,
    repair: { type: "boolean", help: "put right what can be (default: a dry run)" },
    id: { type: "string", value: "ID", help: "go on with a run that was begun before" },
  },
  examples: ["reconcile upload", "reconcile processing --repair", "reconcile catalog --json"],
  async run(given, session) {
    const [name = ""] = given.words;
    const service = services[name as keyof typeof services];
    if (!service) {
      const known = Object.keys(services).join(", ");
      throw new Failure(`reconcile knows ${known}, not ${name}.`, ExitCode.misuse);
    }
    const aws = awsOf(session.api, given);
    const sqs = new SQSClient(aws.client("SQS"));
    const dynamodb = new DynamoDBClient(aws.client("DYNAMODB"));
    const store = createReconciliationTable(
      DynamoDBDocumentClient.from(dynamodb),
      `shoebox-${aws.env}-${service.table}`,
    );
    const id = typeof given.options.id === "string" ? given.options.id : crypto.randomUUID();
    const { QueueUrl } = await sqs.send(
      new GetQueueUrlCommand({ QueueName: `shoebox-${aws.env}-${service.queue}` }),
    );
    const ask = () =>
      sqs.send(
        new SendMessageCommand({
          QueueUrl,
          MessageBody: JSON.stringify({
            reconcile: { id, dryRun: given.options.repair !== true },
          }),
        }),
      );
    try {
      await ask();
      const run = await follow(id, store, ask, session);
      for await (const line of store.report(run)) session.screen.say(JSON.stringify(line));
      session.screen.say(JSON.stringify(summary(run)));
      const found = Object.values(run.counts).reduce((sum, one) => sum + one.found, 0);
      return found === 0 ? ExitCode.done : ExitCode.notGood;
    } finally {
      sqs.destroy();
      dynamodb.destroy();
    }
  },
};

/** Until it has ended: a run whose time was up is asked to go on. */
async function follow(
  id: string,
  store: { find(id: string): Promise<Run | undefined> },
  ask: () => Promise<unknown>,
  { screen }: Session,
): Promise<Run> {
  for (let before: string | undefined; ; await pause(LOOK_EVERY)) {
    const run = await store.find(id);
    if (run?.status === "finished") return run;
    if (run?.status === "paused" && run.updatedAt !== before) {
      before = run.updatedAt;
      await ask();
    }
    const looked = Object.values(run?.counts ?? {}).reduce((sum, one) => sum + one.looked, 0);
    screen.show(`${id}: ${run?.status ?? "asked for"}, ${count(looked)} things looked at`);
  }
}

function summary({ id, dryRun, startedAt, updatedAt, counts }: Run) {
  return { reconciliation: id, dryRun, startedAt, endedAt: updatedAt, counts };
}
