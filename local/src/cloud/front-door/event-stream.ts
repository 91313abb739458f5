import type { IncomingMessage, ServerResponse } from "node:http";
import type { EventBridgeServer } from "../../eventbridge/server.ts";

const MAX_LISTENERS = 32;
/** Bytes a slow listener may have waiting before it is let go. */
const MAX_WAITING = 4_194_304;

/** `GET /dev/events`: every event that crosses a bus, as server-sent events, from now on. */
export function eventStream(events: EventBridgeServer) {
  const listeners = new Set<ServerResponse>();
  const end = events.tap((event) => {
    if (listeners.size === 0) return;
    const text = `event: bus\ndata: ${JSON.stringify(event)}\n\n`;
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
