import {
  Agent,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { pipeline } from "node:stream";
import { sendProblem } from "./respond.ts";

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

/** Headers that are for one connection only (RFC 9110 §7.6.1). */
const hopByHop = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Hands a request on to a service and streams its answer back, both as they are. */
export function forward(request: IncomingMessage, response: ServerResponse, base: string): void {
  const { hostname, port } = new URL(base);
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => !hopByHop.has(name)),
  );
  if (request.headers["transfer-encoding"]) headers["transfer-encoding"] = "chunked";
  let answered = false;
  const upstream = httpRequest(
    { agent, hostname, port, method: request.method, path: request.url, headers },
    (answer) => {
      answered = true;
      for (const [name, value] of Object.entries(answer.headers)) {
        if (value !== undefined && !hopByHop.has(name)) response.setHeader(name, value);
      }
      response.writeHead(answer.statusCode ?? 502);
      // A client that goes away ends the pipeline; there is nobody left to tell.
      pipeline(answer, response, () => upstream.destroy());
    },
  );
  // Whatever ends the way to the service, also an answer before the whole request was read: what is
  // still to be sent is read and dropped, or the next request on the client's connection would wait
  // behind it for ever.
  upstream.on("close", () => {
    request.unpipe(upstream);
    request.resume();
  });
  upstream.on("error", () => {
    // A service that answers before it has read all may close its side; its answer stands.
    if (answered) return;
    response.setHeader("Retry-After", "1");
    sendProblem(response, 503, "unavailable", "The service is starting; try again in a moment.");
  });
  response.on("close", () => upstream.destroy());
  request.pipe(upstream);
}
