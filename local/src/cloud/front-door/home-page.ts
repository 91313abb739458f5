import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";

const page = readFileSync(new URL("./home-page.html", import.meta.url));

/** `/`: says what runs here, and shows it at work. */
export function homePage(_: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(page);
}
