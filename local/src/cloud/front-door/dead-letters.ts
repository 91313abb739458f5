import type { IncomingMessage, ServerResponse } from "node:http";
import type { Message } from "@aws-sdk/client-sqs";
import { letterOf } from "@shoebox/ops/dead-letters/letter";
import type { Resource } from "../../graph/resource.ts";
import type { LocalSqs } from "../../sqs/start-sqs.ts";
import { queryOf } from "./query.ts";
import { sendJson, sendProblem } from "./respond.ts";

/** A dead letter as a page shows it. */
export interface ShownLetter {
  id: string;
  /** The dead-letter queue that it lies in, and the service whose it is. */
  queue: string;
  service: string;
  /** Whence it came: the queue or the rule that its sender names, or that SQS took it from. */
  origin: string;
  /** ISO 8601. */
  at: string;
  reason: string;
  /** The message as it was; the first of it when it is long. */
  body: string;
}

/** Letters that are shown, the newest of each queue, and characters of each. */
const MOST = 50;
const LONGEST_BODY = 65_536;

/**
 * What lies in the declared queues, looked at and not received, so that no consumer notices:
 * `GET /dev/queues` tells how full they are, `GET /dev/dead-letters[?queue=NAME]` what could not be handled, and why.
 */
export function deadLetters(graph: Resource[], sqs: LocalSqs) {
  const queues = graph.filter(({ type }) => type === "aws:sqs/queue:Queue");
  const ends = queues.filter((queue) => isEnd(graph, queue));
  const names = ends.map(nameOf).sort();

  const lettersOf = (wanted: Resource[], containing?: string): ShownLetter[] => {
    const filled = new Set(sqs.depths().map(({ queueArn }) => queueArn));
    return wanted
      .filter(({ outputs }) => filled.has(String(outputs.arn)))
      .flatMap((queue) =>
        sqs
          .look(String(queue.outputs.arn), { most: MOST, containing })
          .map((message) => shown(message, queue)),
      )
      .sort((a, b) => b.at.localeCompare(a.at));
  };

  return {
    queues: (request: IncomingMessage, response: ServerResponse) => {
      const query = queryOf(request, []);
      if ("problem" in query) return sendProblem(response, 400, "invalid-request", query.problem);
      const full = new Map(sqs.depths().map((depth) => [depth.queueArn, depth]));
      const items = queues.map((queue) => {
        const { waiting = 0, inFlight = 0 } = full.get(String(queue.outputs.arn)) ?? {};
        const service = queue.program;
        return {
          queue: nameOf(queue),
          service,
          waiting,
          inFlight,
          deadLetters: ends.includes(queue),
        };
      });
      sendJson(response, 200, { items });
    },
    list: (request: IncomingMessage, response: ServerResponse) => {
      const query = queryOf(request, ["queue"]);
      if ("problem" in query) return sendProblem(response, 400, "invalid-request", query.problem);
      const { queue } = query.values;
      const wanted = queue === undefined ? ends : ends.filter((end) => nameOf(end) === queue);
      if (wanted.length === 0) {
        const detail = `There is no dead-letter queue ${queue}; there is ${names.join(", ")}.`;
        return sendProblem(response, 404, "not-found", detail);
      }
      sendJson(response, 200, { items: lettersOf(wanted) });
    },
    /** The letters that have this text in them. */
    about: (text: string) => lettersOf(ends, text),
  };
}

/** Whether messages come to this queue because they could not be handled elsewhere. */
function isEnd(graph: Resource[], queue: Resource): boolean {
  const { arn } = queue.outputs;
  return graph.some(({ inputs }) => {
    const redrive = JSON.parse(String(inputs.redrivePolicy ?? "{}"));
    const target = inputs.deadLetterConfig as { arn?: string } | undefined;
    const mapping = inputs.destinationConfig as
      | { onFailure?: { destinationArn?: string } }
      | undefined;
    return [redrive.deadLetterTargetArn, target?.arn, mapping?.onFailure?.destinationArn].includes(
      arn,
    );
  });
}

function shown(message: Message, queue: Resource): ShownLetter {
  const { reason, at } = letterOf(message, Date.now());
  const attribute = (name: string) => message.MessageAttributes?.[name]?.StringValue;
  const origin =
    attribute("queue") ??
    attribute("RULE_ARN")?.split("/").at(-1) ??
    message.Attributes?.DeadLetterQueueSourceArn?.split(":").at(-1) ??
    nameOf(queue).replace(/-(dlq|undeliverable)$/, "");
  return {
    id: message.MessageId ?? "",
    queue: nameOf(queue),
    service: queue.program,
    origin,
    at,
    reason,
    body: (message.Body ?? "").slice(0, LONGEST_BODY),
  };
}

function nameOf(queue: Resource): string {
  return String(queue.inputs.name);
}
