import type { Place } from "./layout.ts";
import type { RuleQueue, Service, SystemMap } from "./wire.ts";

/** What a place is, in one sentence or two, from what the programs declare of it. */
export function explain(
  { id, kind, label, of }: Place,
  map: SystemMap,
  services: Service[],
): string {
  const service = of === undefined ? undefined : services[of];
  switch (kind) {
    case "clients":
      return "Whoever uses the system: pages, apps, scripts. They ask the services, put pictures straight into S3 and read them from the CDN.";
    case "cdn":
      return `Serves pictures from ${list(map.cdn.buckets)} to whoever holds a signed URL.`;
    case "service":
      return `${service?.does ?? ""} Nobody else reads or writes what it owns; others learn of it by its events.`;
    case "table":
      return service?.relay?.table === label
        ? `The ${service.name} service's own data. Every change of it becomes an event, and nothing else does.`
        : `A table that the ${service?.name} service keeps for itself; nobody hears of its changes.`;
    case "bucket":
      return service?.buckets.some(({ name, tells }) => name === label && tells)
        ? "Clients put their bytes here, by a form or in parts. S3 tells the default bus of every object that arrived."
        : `Pictures that the ${service?.name} service has made.`;
    case "index":
      return `What searches ask. It is filled from events alone, so it can be built again at any time.`;
    case "queue": {
      const queue = queueOf(service, id);
      return queue ? explainQueue(queue) : "";
    }
    case "schedules":
      return `Work by the clock: ${list((service?.schedules ?? []).map(({ name, when }) => `${name} ${inWords(when)}`))}.`;
    case "relay":
      return `The one way out: every change of the table ${service?.relay?.table}, in order, becomes ${list(service?.publishes ?? [], "or")}. What a crash interrupts, it finishes.`;
    case "bus":
      return label === "default"
        ? "The account's own bus: S3 tells of objects here, and the clock ticks here."
        : "EventBridge: takes every event and hands a copy to each queue whose rule wants it. Services meet here and nowhere else.";
    case "archive":
      return `Keeps every event for ${map.buses.find(({ name }) => id.endsWith(name))?.archiveDays} days, to replay them when the search index is built anew.`;
    case "clock":
      return `Starts ${map.services.reduce((sum, { schedules }) => sum + schedules.length, 0)} jobs, each on its schedule.`;
  }
}

function explainQueue({ types, replayed, batch, attempts, changes }: RuleQueue): string {
  const what = `${replayed ? "Replayed " : ""}${list(types)}`;
  const then = changes.length > 0 ? ` that changes ${list(changes)}` : "";
  return `${what} wait here for a function${then}, up to ${batch} at a time. After ${attempts} failed attempts a message is a dead letter.`;
}

export function queueOf(service: Service | undefined, id: string): RuleQueue | undefined {
  return service?.queues.find(({ queue }) => `queue:${queue}` === id);
}

/** `rate(15 minutes)` as one says it. */
function inWords(schedule: string): string {
  const rate = /^rate\((\d+) (\w+)\)$/.exec(schedule);
  if (!rate) return schedule;
  return rate[1] === "1" ? `every ${rate[2]}` : `every ${rate[1]} ${rate[2]}`;
}

function list(items: string[], word = "and"): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} ${word} ${items.at(-1)}`;
}
