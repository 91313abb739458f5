import type { Bridge } from "./bridge.ts";
import type { BusEvent } from "./envelope.ts";
import { targetInput } from "./target-input.ts";

/** Keeps the event in each archive of its bus that wants it. Replayed events are never archived a second time, as on AWS. */
function archive(bridge: Bridge, bus: string, event: BusEvent): void {
  for (const route of bridge.routes.of(bus)?.archives ?? []) {
    if (!route.matches(event.parsed)) continue;
    bridge.store
      .prepare("INSERT INTO archived_events (archive, time, stored_at, body) VALUES (?, ?, ?, ?)")
      .run(route.archive, event.time, bridge.now(), event.body);
    bridge.store
      .prepare(
        "UPDATE archives SET event_count = event_count + 1, size_bytes = size_bytes + ? WHERE name = ?",
      )
      .run(Buffer.byteLength(event.body), route.archive);
  }
}

/**
 * Stores an event's archive copies and one delivery for each target of each rule that matches, or only of the rules with the given
 * ARNs. To be called inside of a transaction. Returns the queues to wake once that is committed.
 */
export function storeEvent(
  bridge: Bridge,
  bus: string,
  event: BusEvent,
  onlyRules?: ReadonlySet<string>,
): string[] {
  if (!("replay-name" in event.parsed)) archive(bridge, bus, event);
  const queues: string[] = [];
  for (const route of bridge.routes.of(bus)?.rules ?? []) {
    if (onlyRules !== undefined && !onlyRules.has(route.ruleArn)) continue;
    if (!route.matches(event.parsed)) continue;
    const ingestedAt = new Date(bridge.now()).toISOString();
    for (const target of route.targets) {
      const body = targetInput(target, event, { ...route, ingestedAt });
      bridge.pump.enqueue(target, route.ruleArn, body);
      queues.push(target.Arn);
    }
  }
  return queues;
}

/** Accepts events: when this returns they are stored with all of their deliveries, in one transaction, and the deliveries are under way. */
export function publish(bridge: Bridge, events: { bus: string; event: BusEvent }[]): void {
  if (events.length === 0) return;
  const stored = bridge.store.transaction(() =>
    events.map(({ bus, event }) => ({
      busName: bus,
      body: event.body,
      queueArns: storeEvent(bridge, bus, event),
    })),
  );
  bridge.pump.wake(stored.flatMap(({ queueArns }) => queueArns));
  for (const event of stored) bridge.tap.saw(event);
}
