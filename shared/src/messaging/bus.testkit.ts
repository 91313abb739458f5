import type {
  EventBridgeClient,
  PutEventsCommand,
  PutEventsRequestEntry,
} from "@aws-sdk/client-eventbridge";
import type { DomainEvent } from "../events/define.ts";

/** What the bus does with one entry of one call: takes it, refuses it, or the whole call fails. */
export type Verdict = "take" | "refuse" | "fail";

/** A bus with EventBridge's limits that does with each entry what it is told, and remembers all it took. */
export function scriptedBus(decide: (entry: PutEventsRequestEntry) => Verdict = () => "take") {
  const calls: PutEventsRequestEntry[][] = [];
  const taken: PutEventsRequestEntry[] = [];
  const client = {
    async send(command: PutEventsCommand) {
      const entries = command.input.Entries ?? [];
      calls.push(entries);
      const size = entries.reduce((sum, entry) => sum + Buffer.byteLength(entry.Detail ?? ""), 0);
      if (entries.length === 0 || entries.length > 10 || size >= 1_048_576) {
        throw new Error(`ValidationException: ${entries.length} entries, ${size} bytes`);
      }
      const verdicts = entries.map(decide);
      if (verdicts.includes("fail")) throw new Error("the bus is down");
      taken.push(...entries.filter((_, index) => verdicts[index] === "take"));
      return {
        FailedEntryCount: verdicts.filter((verdict) => verdict === "refuse").length,
        Entries: verdicts.map((verdict) =>
          verdict === "take" ? { EventId: "e" } : { ErrorCode: "ThrottlingException" },
        ),
      };
    },
  };
  return { client: client as unknown as EventBridgeClient, calls, taken };
}

/** A fact with a number, and as many bytes of data as wanted. */
export function fact(number: number, bytes = 0): DomainEvent {
  return {
    source: "shoebox.upload",
    detailType: "Counted",
    detail: {
      metadata: {
        eventId: `00000000-0000-8000-8000-${String(number).padStart(12, "0")}`,
        occurredAt: "2026-11-22T12:00:00.000Z",
        correlationId: "c-1",
        schemaVersion: 1,
        producer: "upload",
      },
      data: { number, ballast: "x".repeat(bytes) },
    },
  };
}

export function numberOf(entry: PutEventsRequestEntry): number {
  return (JSON.parse(entry.Detail ?? "") as { data: { number: number } }).data.number;
}
