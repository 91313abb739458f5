import type { IncomingMessage, ServerResponse } from "node:http";
import type { EventBridgeServer } from "../../eventbridge/server.ts";

const MAX_LISTENERS = 32;
/** Bytes a slow listener may have waiting before it is let go. */
const MAX_WAITING = 4_194_304;

/** `GET /dev/events`: every event that crosses a bus, from now on, as server-sent events: its envelope and the bus's name. */
export function eventStream(events: EventBridgeServer) {
  const listeners = new Set<ServerResponse>();
  const end = events.tap(({ busName, body }) => {
    if (listeners.size === 0) return;
    // The envelope is JSON text already; the bus's name becomes one more member of it.
    const text = `event: bus\ndata: {"bus":${JSON.stringify(busName)},${body.slice(1)}\n\n`;
    for (const listener of listeners) {
      if (listener.writableLength > MAX_WAITING) listener.destroy();
      else listener.write(text);
    }
  });
  return {
    open: (_: IncomingMessage, response: ServerResponse) => {
      if (listeners.size >= MAX_LISTENERS) {
        response.writeHead(503).end();
        return;
      }
      response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
      response.write(": every event of every bus, from now on\n\n");
      listeners.add(response);
      response.on("close", () => listeners.delete(response));
    },
    close: () => {
      end();
      for (const listener of listeners) listener.destroy();
    },
  };
}
