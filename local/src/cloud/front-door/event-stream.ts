import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { EventBridgeServer } from "../../eventbridge/server.ts";
import { queryOf } from "./query.ts";
import { sendProblem } from "./respond.ts";

const MAX_LISTENERS = 32;
/** Bytes a slow listener may have waiting before it is let go. */
const MAX_WAITING = 4_194_304;
/** What is kept for those who come later, or come back: events, and characters of them all together. */
const MAX_KEPT = 1_000;
const MAX_KEPT_SIZE = 4_194_304;

interface Kept {
  seq: number;
  /** JSON: the envelope and more. */
  data: string;
}

/**
 * `GET /dev/events`: every event that crosses a bus, from now on, as server-sent events: its envelope, when it
 * was seen (ms), the bus's name and the names of the queues that rules sent it to. With `?after=ID` what came after that one comes first, as far as
 * it is kept. Ids begin with what names this start of the system: after another one's, everything kept comes first.
 */
export function eventStream(events: EventBridgeServer) {
  const start = randomUUID().slice(0, 8);
  const listeners = new Set<ServerResponse>();
  const kept: Kept[] = [];
  let keptSize = 0;
  let seq = 0;
  const keep = (event: Kept) => {
    kept.push(event);
    keptSize += event.data.length;
    while (kept.length > MAX_KEPT || keptSize > MAX_KEPT_SIZE) {
      keptSize -= kept.shift()?.data.length ?? 0;
    }
  };
  const message = (event: Kept) => `id: ${start}.${event.seq}\nevent: bus\ndata: ${event.data}\n\n`;
  const end = events.tap(({ busName, body, queueArns }) => {
    seq += 1;
    const queues = queueArns.map((arn) => arn.split(":").at(-1));
    // The envelope is JSON text already; what is added becomes more members of it.
    const also = JSON.stringify({ bus: busName, at: Date.now(), queues });
    const event = { seq, data: `${also.slice(0, -1)},${body.slice(1)}` };
    keep(event);
    const text = message(event);
    for (const listener of listeners) {
      if (listener.writableLength > MAX_WAITING) listener.destroy();
      else listener.write(text);
    }
  });
  return {
    open: (request: IncomingMessage, response: ServerResponse) => {
      const query = queryOf(request, ["after"]);
      if ("problem" in query) {
        sendProblem(response, 400, "invalid-request", query.problem);
        return;
      }
      if (listeners.size >= MAX_LISTENERS) {
        response.writeHead(503).end();
        return;
      }
      response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
      response.write(": every event of every bus, from now on\n\n");
      const { after } = query.values;
      if (after !== undefined) {
        response.write(`event: start\ndata: ${JSON.stringify({ start })}\n\n`);
        const [before, last] = after.split(".");
        const from = before === start ? Number(last) : 0;
        for (const event of kept) if (event.seq > from) response.write(message(event));
      }
      listeners.add(response);
      response.on("close", () => listeners.delete(response));
    },
    /** What is kept of the events that have this text in them, as the stream tells them. */
    keptWith: (text: string) =>
      kept.filter(({ data }) => data.includes(text)).map(({ data }) => data),
    close: () => {
      end();
      for (const listener of listeners) listener.destroy();
    },
  };
}
