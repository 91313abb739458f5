import type { Service, SystemMap } from "./wire.ts";

/**
 * The services as a picture goes through them: who hears of the bytes first, and then so that as many events as
 * possible go to the right. Read from who publishes and who consumes, so it follows the programs.
 */
export function inFlowOrder({ services }: Pick<SystemMap, "services">): Service[] {
  const first = services.find(({ buckets }) => buckets.some(({ tells }) => tells));
  const rest = services.filter((service) => service !== first);
  // Four services have six orders, eight would have 5,040: then the declared one is good enough.
  if (rest.length > 6) return services;
  const orders = permutations(rest).map((order) => (first ? [first, ...order] : order));
  return orders.reduce(
    (best, order) => (forward(order) > forward(best) ? order : best),
    orders[0] ?? services,
  );
}

function forward(order: Service[]): number {
  return order.reduce((sum, from, index) => {
    const later = order.slice(index + 1);
    return sum + later.reduce((count, to) => count + eventsBetween(from, to), 0);
  }, 0);
}

function eventsBetween(from: Service, to: Service): number {
  return to.queues.reduce(
    (sum, { types }) => sum + types.filter((type) => from.publishes.includes(type)).length,
    0,
  );
}

function permutations<T>(items: T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  );
}
