import type { Call } from "../world/exchange.ts";
import { type Tooth, type Write, withoutConditions } from "./tooth.ts";

const calm = { crash: 0, throttle: 0, lostAnswer: 0, conflict: 0 };
const rough = { twice: 0.3, late: 0.3, again: 0.3 };

interface Item {
  Update?: Write;
  Put?: unknown;
  Delete?: unknown;
}

/** The updates of a call, alone or in a transaction. */
function updates(call: Call): Write[] {
  if (call.operation === "UpdateItem") return [call.request as Write];
  if (call.operation !== "TransactWriteItems") return [];
  return (call.request.TransactItems as Item[]).flatMap(({ Update }) => Update ?? []);
}

/** Takes out conditions of the updates of one service. */
function without(
  service: string,
  isOne: (condition: string, write: Write) => boolean,
  only: "UpdateItem" | "TransactWriteItems" | undefined = undefined,
): Tooth["mutation"] {
  return () => ({
    request(call) {
      if (!call.by?.startsWith(`${service}/`) || (only && call.operation !== only)) return;
      for (const write of updates(call)) {
        withoutConditions(write, (condition) => isOne(condition, write));
      }
    },
  });
}

const sets = (write: Write, name: string) =>
  Object.values(write.ExpressionAttributeNames ?? {}).includes(name);

/** What keeps the tables right: mostly conditions, some transactions. */
export const tableTeeth: Tooth[] = [
  {
    name: "the condition that only an awaited session is accepted",
    caughtBy: "originals = what the catalog refers to",
    bias: {
      weights: { upload: 70, abort: 15, outage: 0, breakdown: 0 },
      faults: { ...calm, ...rough, slow: 0.5 },
    },
    mutation: without("upload", (condition) => condition === "status = :awaiting", "UpdateItem"),
  },
  {
    name: "the condition that gives back a quota once",
    caughtBy: "quotas = what is stored",
    bias: {
      weights: { upload: 60, abort: 15, remove: 30 },
      faults: { ...calm, ...rough, twice: 0.5 },
    },
    mutation: without(
      "upload",
      (condition) => /^status = :(awaiting|before)$/.test(condition),
      "TransactWriteItems",
    ),
  },
  {
    name: "the condition that a fact is written down once",
    caughtBy: "no edit is lost",
    bias: { weights: { edit: 60 }, faults: { ...rough, twice: 0.5, late: 0.5 } },
    mutation: without("catalog", (condition) => condition === "attribute_not_exists(s3Key)"),
  },
  {
    name: "the condition that no fact touches a tombstone",
    caughtBy: "deleted stays deleted",
    bias: { weights: { remove: 40 }, faults: rough },
    mutation: without(
      "catalog",
      (condition, write) =>
        condition === "attribute_not_exists(deletedAt)" &&
        (sets(write, "processed") || sets(write, "rejected")),
    ),
  },
  {
    name: "the condition on the version that was read",
    caughtBy: "links = tags",
    bias: {
      weights: { edit: 90, upload: 12, outage: 0, breakdown: 0 },
      faults: { ...calm, late: 0, slow: 0.2 },
    },
    mutation: without("catalog", (condition) => condition === "version = :seen_version"),
  },
  {
    name: "the tombstone of the catalog, for as long as late events may come",
    caughtBy: "deleted stays deleted",
    bias: { weights: { remove: 50 }, faults: rough },
    mutation: () => ({
      request(call) {
        const [write] = updates(call);
        // Closing makes it expire in a month; here it is taken away at once.
        if (!call.by?.startsWith("catalog/") || !write?.UpdateExpression?.includes("#ttl")) return;
        call.operation = "DeleteItem";
        delete write.UpdateExpression;
        const { ConditionExpression: condition } = write;
        write.ExpressionAttributeNames = Object.fromEntries(
          Object.entries(write.ExpressionAttributeNames ?? {}).filter(([name]) =>
            new RegExp(`${name}(?!\\w)`).test(condition ?? ""),
          ),
        );
        delete write.ExpressionAttributeValues;
      },
    }),
  },
  {
    name: "tags and their links in one transaction",
    caughtBy: "links = tags",
    bias: { weights: { edit: 30 } },
    mutation: () => {
      let transactions = 0;
      return {
        request(call) {
          if (!call.by?.startsWith("catalog/") || call.operation !== "TransactWriteItems") return;
          transactions += 1;
          // Every fourth time the process dies between the writes.
          const items = call.request.TransactItems as Item[];
          if (transactions % 4 === 0) call.request.TransactItems = items.slice(0, 1);
        },
      };
    },
  },
  {
    name: "the condition that only a job in progress is finished",
    caughtBy: "renditions = what the catalog refers to",
    bias: {
      weights: { regret: 120, outage: 0, breakdown: 0 },
      faults: { ...calm, late: 0.2, slow: 0.5 },
    },
    mutation: without("processing", (condition) => condition === "status = :processing"),
  },
  {
    name: "strongly consistent reads",
    caughtBy: "every answer is right",
    bias: { weights: { edit: 30, remove: 15, read: 90, list: 30 }, faults: calm },
    mutation: () => ({
      request(call) {
        if (call.by === "catalog/api") delete call.request.ConsistentRead;
      },
    }),
  },
];
