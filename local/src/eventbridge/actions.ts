import {
  createArchive,
  deleteArchive,
  describeArchive,
  listArchives,
  updateArchive,
} from "./archives.ts";
import type { Bridge } from "./bridge.ts";
import { createEventBus, deleteEventBus, describeEventBus, listEventBuses } from "./buses.ts";
import type { Parameters } from "./parameters.ts";
import { putEvents } from "./put-events.ts";
import { cancelReplay, describeReplay, listReplays, startReplay } from "./replays.ts";
import {
  deleteRule,
  describeRule,
  disableRule,
  enableRule,
  listRules,
  putRule,
  testEventPattern,
} from "./rules.ts";
import { listTargetsByRule, putTargets, removeTargets } from "./targets.ts";

/** Does one request, all of it in this turn of the event loop, or throws an `EventBridgeError`. */
export type Action = (bridge: Bridge, input: Parameters) => Parameters;

/** The actions of the API that exist here, by the name in `X-Amz-Target: AWSEvents.<name>`. */
export const ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ["PutEvents", putEvents],
  ["CreateEventBus", createEventBus],
  ["DescribeEventBus", describeEventBus],
  ["ListEventBuses", listEventBuses],
  ["DeleteEventBus", deleteEventBus],
  ["PutRule", putRule],
  ["DescribeRule", describeRule],
  ["ListRules", listRules],
  ["DeleteRule", deleteRule],
  ["EnableRule", enableRule],
  ["DisableRule", disableRule],
  ["TestEventPattern", testEventPattern],
  ["PutTargets", putTargets],
  ["ListTargetsByRule", listTargetsByRule],
  ["RemoveTargets", removeTargets],
  ["CreateArchive", createArchive],
  ["DescribeArchive", describeArchive],
  ["ListArchives", listArchives],
  ["UpdateArchive", updateArchive],
  ["DeleteArchive", deleteArchive],
  ["StartReplay", startReplay],
  ["DescribeReplay", describeReplay],
  ["ListReplays", listReplays],
  ["CancelReplay", cancelReplay],
]);
