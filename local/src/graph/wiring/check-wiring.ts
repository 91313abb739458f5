import type { Resource } from "../resource.ts";
import { accessLogsAreWritten } from "./access-logs.ts";
import { cdnMayRead, signingKeysAreTrusted } from "./cdn.ts";
import {
  bucketsTellWhatRulesWaitFor,
  busesAreArchived,
  rulesHaveTargets,
  targetsCanDeliver,
} from "./events.ts";
import { apisMayInvoke, functionsAreCalled, sourcesAreDeclared } from "./functions.ts";
import { Graph } from "./graph.ts";
import { eventSourcesMayRead, queuesAreConsumed, tablesAreRelayed } from "./queues.ts";

type Rule = (graph: Graph) => string[];

/**
 * What is wrong with how the declared resources hang together: everything that AWS would accept and
 * that would then silently not work, such as a queue whose policy does not let its rule in. The
 * local cloud refuses to boot on any finding, and a test takes out one resource after another.
 */
export function checkWiring(resources: Resource[]): string[] {
  const graph = new Graph(resources);
  return rules.flatMap((rule) => rule(graph));
}

const rules: Rule[] = [
  rulesHaveTargets,
  targetsCanDeliver,
  queuesAreConsumed,
  eventSourcesMayRead,
  functionsAreCalled,
  sourcesAreDeclared,
  apisMayInvoke,
  tablesAreRelayed,
  bucketsTellWhatRulesWaitFor,
  cdnMayRead,
  signingKeysAreTrusted,
  busesAreArchived,
  accessLogsAreWritten,
];
