import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { ownOpenSearch } from "./own-opensearch.ts";

let server: Server | undefined;
afterEach(() => server?.close());

async function answering(status: number, body: string): Promise<string> {
  server = createServer((_, response) => response.writeHead(status).end(body));
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server?.once("listening", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const version = (number: string, distribution?: string) =>
  JSON.stringify({ version: { number, distribution } });

describe("an OpenSearch of one's own", () => {
  it("is used by its base URL", async () => {
    const url = await answering(200, version("2.19.1", "opensearch"));
    expect(await ownOpenSearch(`${url}/`)).toBe(url);
  });

  it.each([
    [200, version("2.3.0", "opensearch"), /is 2[.]3[.]0, and search needs 2[.]4 or newer/],
    [200, version("8.17.0"), /is no OpenSearch [(]status 200[)]/],
    [200, "<html>", /is no OpenSearch/],
    [401, "Unauthorized", /wants a password/],
    [502, "", /is no OpenSearch [(]status 502[)]/],
  ])("that answers %i %s is refused in one sentence", async (status, body, sentence) => {
    const url = await answering(status, body);
    await expect(ownOpenSearch(url)).rejects.toThrow(sentence);
  });

  it.each([
    ["localhost:9200", /takes a URL such as/],
    ["nonsense", /takes a URL such as/],
    ["http://me:secret@127.0.0.1:9200", /without a password/],
  ])("is not %s", async (url, sentence) => {
    await expect(ownOpenSearch(url)).rejects.toThrow(sentence);
  });

  it("that nobody answers for is refused with the way out", async () => {
    const url = await answering(200, "");
    await new Promise((resolve) => server?.close(resolve));
    server = undefined;
    await expect(ownOpenSearch(url)).rejects.toThrow(
      /^No OpenSearch answers at .* \(ECONNREFUSED\); start one with npm run opensearch/,
    );
  });
});
