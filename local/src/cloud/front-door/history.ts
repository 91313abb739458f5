import type { IncomingMessage, ServerResponse } from "node:http";
import type { EventBridgeServer } from "../../eventbridge/server.ts";
import type { ShownLetter } from "./dead-letters.ts";
import { queryOf } from "./query.ts";
import { sendJson, sendProblem } from "./respond.ts";

/** Events that one answer has, the latest ones. */
const MOST = 200;
/** An image's id or a correlation id, as clients may choose it (X-Correlation-Id). */
const ID = /^[\w-]{8,64}$/;

/**
 * `GET /dev/history/<id>`: what the archive has with this id in it (an image's, or a correlation id), what else was seen
 * since this start (S3's own events are in no archive), in order, and the dead letters. An id that nothing has in it
 * has no history.
 *
 * @param seenWith the events of the stream that have a text in them, as JSON
 */
export function history(
  events: Pick<EventBridgeServer, "archivedWith">,
  seenWith: (text: string) => string[],
  lettersAbout: (text: string) => ShownLetter[],
) {
  return (request: IncomingMessage, response: ServerResponse, path: string) => {
    const query = queryOf(request, []);
    const id = path.split("/").at(-1) ?? "";
    if ("problem" in query || !ID.test(id)) {
      const detail = "problem" in query ? query.problem : "An id is 8–64 letters, digits, - and _.";
      sendProblem(response, 400, "invalid-request", detail);
      return;
    }
    const archived = events.archivedWith(id, MOST).map(
      ({ busName, at, body }): Seen => ({
        bus: busName,
        at,
        ...JSON.parse(body),
      }),
    );
    const seen = seenWith(id).map((text): Seen => JSON.parse(text));
    // Both may have an event; the stream's has more to tell. A replayed one keeps the id of the first.
    const byId = new Map(
      [...archived, ...seen].map((event) => [`${event.id} ${event["replay-name"] ?? ""}`, event]),
    );
    sendJson(response, 200, {
      events: [...byId.values()].sort((a, b) => a.at - b.at),
      deadLetters: lettersAbout(id),
    });
  };
}

/** An envelope, the bus that it crossed, and when. */
interface Seen {
  bus: string;
  at: number;
  id: string;
  "replay-name"?: string;
}
