import type { IncomingMessage, ServerResponse } from "node:http";
import type { EventBridgeServer } from "../../eventbridge/server.ts";
import type { Resource } from "../../graph/resource.ts";
import { sendJson, sendProblem } from "./respond.ts";

/** `POST /dev/schedules/<name>`: fires a declared schedule now. Its name is the function's, such as `republish-tombstones`. */
export function runSchedule(graph: Resource[], events: EventBridgeServer) {
  const schedules = new Map(
    graph
      .filter((r) => r.type === "aws:cloudwatch/eventRule:EventRule" && r.inputs.scheduleExpression)
      .map((rule) => [rule.name, String(rule.inputs.name)]),
  );
  return async (_: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const name = path.split("/").at(-1) ?? "";
    const rule = schedules.get(name);
    if (!rule) {
      const known = [...schedules.keys()].join(", ");
      sendProblem(response, 404, "not-found", `There is no schedule ${name}; there is ${known}.`);
      return;
    }
    await events.runSchedule(rule);
    sendJson(response, 202, { schedule: name });
  };
}
