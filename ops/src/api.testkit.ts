import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { stripVTControlCharacters } from "node:util";
import { connect } from "./api.ts";
import type { Session } from "./command.ts";

interface Asked {
  /** Such as `POST /v1/search/rebuilds`. */
  what: string;
  body: unknown;
  headers: Record<string, unknown>;
}
type Answer = [status: number, body?: unknown];

/**
 * A front door that gives the prepared answers, and a session at it whose words are kept.
 *
 * @param answers by what is asked, such as `GET /v1/search/index`; the last of several is given again and again
 */
export async function startFrontDoor(answers: Record<string, Answer[]>) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const what = `${request.method} ${request.url}`;
    const body = await text(request);
    asked.push({ what, body: body && JSON.parse(body), headers: request.headers });
    const queue = { "POST /dev/token": [[200, { token: "local" }] satisfies Answer], ...answers }[
      what
    ];
    const [status, answer] = (queue && queue.length > 1 ? queue.shift() : queue?.[0]) ?? [
      404,
      { detail: `There is no ${what}.` },
    ];
    response.writeHead(status).end(answer === undefined ? "" : JSON.stringify(answer));
  });
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const said: string[] = [];
  const shown: string[] = [];
  const session = (
    options: { live?: boolean; json?: boolean; token?: string; awsEnv?: string } = {},
  ): Session => ({
    api: connect({
      url,
      token: options.token,
      options: options.awsEnv === undefined ? {} : { "aws-env": options.awsEnv },
    }),
    screen: {
      live: options.live ?? false,
      say: (line) => said.push(...stripVTControlCharacters(line).split("\n")),
      show: (line) => shown.push(stripVTControlCharacters(line)),
    },
    json: options.json ?? false,
  });
  return {
    session,
    /** What was asked, without the asking for tokens. */
    asked: () => asked.filter(({ what }) => what !== "POST /dev/token"),
    said,
    shown,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
