import type { Tooth } from "./tooth.ts";

const RELAY = /\/relay$/;
const DAY = 86_400_000;

interface Failures {
  batchItemFailures?: { itemIdentifier: string }[];
}

/** What keeps events from being lost, and old ones from coming back. */
export const messageTeeth: Tooth[] = [
  {
    name: "reporting which messages of a batch failed",
    caughtBy: "index = catalog",
    bias: { weights: { outage: 10, edit: 40 }, faults: { refusedItem: 0.5 } },
    mutation: () => ({
      result: (name, payload) =>
        /\/(relay|api)$/.test(name) ? payload : { batchItemFailures: [] },
    }),
  },
  {
    name: "sending again what the bus refused (FailedEntryCount)",
    caughtBy: "index = catalog",
    bias: { faults: { refusedEntry: 0.3 } },
    mutation: () => ({
      answer(call, answer) {
        if (call.operation !== "PutEvents") return;
        const entries = (answer.Entries ?? []) as { EventId?: string }[];
        answer.FailedEntryCount = 0;
        answer.Entries = entries.map(({ EventId = "lost" }) => ({ EventId }));
      },
    }),
  },
  {
    name: "the relay's restart at the first change that was not published",
    caughtBy: "index = catalog",
    bias: { weights: { edit: 40 }, faults: { refusedEntry: 0.7 } },
    mutation: () => ({
      result(name, payload, event) {
        const failed = (payload as Failures).batchItemFailures ?? [];
        if (!RELAY.test(name) || failed.length === 0) return payload;
        const { Records } = event as { Records: { dynamodb: { SequenceNumber: string } }[] };
        const itemIdentifier = Records.at(-1)?.dynamodb.SequenceNumber ?? "";
        return { batchItemFailures: [{ itemIdentifier }] };
      },
    }),
  },
  {
    name: "the live rules' guard against replays",
    caughtBy: "deleted stays deleted",
    bias: { weights: { remove: 30, replay: 20 }, breakOf: 40 * DAY },
    mutation: () => ({
      rule(rule) {
        if (rule.pattern === undefined) return rule;
        const { "replay-name": _, ...pattern } = JSON.parse(rule.pattern) as Record<
          string,
          unknown
        >;
        return { ...rule, pattern: JSON.stringify(pattern) };
      },
    }),
  },
  {
    name: "publishing deletions again that nobody confirmed",
    caughtBy: "deleted stays deleted",
    bias: { weights: { remove: 40, lose: 15 } },
    mutation: () => ({
      request(call) {
        if (call.by === "catalog/republish-tombstones") seeNothing(call.request);
      },
    }),
  },
  {
    name: "publishing uploads again that nobody processed",
    caughtBy: "every accepted upload ends",
    bias: { weights: { upload: 50, lose: 25 } },
    mutation: () => ({
      request(call) {
        if (call.by === "upload/republish-uploads") seeNothing(call.request);
      },
    }),
  },
];

/** The query of a job finds nothing that is due. */
function seeNothing(request: Record<string, unknown>): void {
  const values = request.ExpressionAttributeValues as Record<string, { S: string }> | undefined;
  if (values?.[":until"]) values[":until"] = { S: "0" };
}
