import type { Fact } from "./fact.ts";
import { type Layout, middle, type Point } from "./layout.ts";
import type { SystemMap, WireEvent } from "./wire.ts";

/** The way of one event to one of those who hear of it, or into the archive when nobody does. */
export interface Route {
  points: Point[];
  /** Which service's colour it has; undefined for what comes from none. */
  of?: number;
  /** The queue it goes to. */
  queue?: string;
}

/** Which place an event starts from. */
export function originOf(
  fact: Pick<Fact, "source" | "bus" | "replay" | "detail">,
  layout: Layout,
): string {
  if (fact.replay !== undefined) return `archive:${fact.bus}`;
  if (fact.source === "aws.s3") {
    const { bucket } = fact.detail as { bucket?: { name?: string } };
    const telling = layout.services.flatMap(({ buckets }) => buckets.filter(({ tells }) => tells));
    const found = telling.find(({ name }) => bucket?.name?.includes(name));
    return `bucket:${found?.name}`;
  }
  if (fact.source === "aws.events") return `clock:${fact.bus}`;
  return `service:${fact.source.replace(/^shoebox[.]/, "")}`;
}

export function routesOf(fact: Fact, layout: Layout): Route[] {
  const origin = originOf(fact, layout);
  const start = layout.out.get(origin);
  if (!start) return [];
  const of = layout.places.find(({ id }) => id === origin)?.of;
  const ways = fact.queues.flatMap((queue): Route[] => {
    const rest = layout.in.get(queue);
    return rest ? [{ points: [...start, ...rest], of, queue }] : [];
  });
  if (ways.length > 0) return ways;
  const archive = layout.places.find(({ id }) => id === `archive:${fact.bus}`);
  return [{ points: archive ? [...start, middle(archive)] : start, of }];
}

/** Who hears of an event, by what the programs declare: for events of before, of which nobody noted it. */
export function queuesFor(map: SystemMap, event: WireEvent): string[] {
  const replayed = event["replay-name"] !== undefined;
  return map.services
    .flatMap(({ queues }) => queues)
    .filter(
      (queue) =>
        queue.bus === event.bus &&
        queue.replayed === replayed &&
        queue.sources.includes(event.source) &&
        queue.types.includes(event["detail-type"]),
    )
    .map(({ queue }) => queue);
}
