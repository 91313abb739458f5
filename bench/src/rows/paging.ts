import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createImagesTable } from "@shoebox/catalog/adapters/images-table";
import { listImages } from "@shoebox/catalog/api/list-images";
import { startDynamoDb } from "@shoebox/local/dynamodb/start-dynamodb";
import { createImagesSearch } from "@shoebox/search/adapters/images-search";
import { search } from "@shoebox/search/api/search";
import { createCdnSigner } from "@shoebox/shared/cdn/signer";
import { type Api, createApi } from "@shoebox/shared/http/api";
import { createLogger } from "@shoebox/shared/log";
import type { Finding, Row, RowOptions } from "../finding.ts";
import { alternate } from "../measure/alternate.ts";
import { quantile, ratioOf, spreadOf } from "../measure/statistics.ts";
import { type Engine, openSearchItself, searchEngine } from "../stand/engine.ts";
import { imagesIndexes } from "../stand/images-indexes.ts";
import { declareImagesTable, fillImagesTable } from "../stand/images-table.ts";

const FEW = 1_000;
const OWNER = "collector";
const TAG = "trip-7";
const DAY = 86_400_000;

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const cdn = createCdnSigner({
  baseUrl: "https://cdn.example",
  keyId: "K1",
  privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
});
const served = { log: createLogger("bench", "warn"), corsOrigins: [] };

/** Where pages are asked for, among so many images. */
interface Side {
  api: Api;
  images: number;
  /** What has to be done before this side can be asked. */
  enter?: () => Promise<void>;
  /** Changes what is stored, so that nothing the engine remembers of its last answers holds. */
  change?: () => Promise<void>;
}

interface Sides {
  large: Side;
  small: Side;
}

/** One owner has all of them: the worst there can be. Written straight into the stores. */
export const paging: Row = {
  name: "paging",
  title: "a page of a list and of a search, among many images and among few",
  async measure(options) {
    const many = options.quick ? 20_000 : 200_000;
    const findings = await lists(many, options);
    const embedded = await searchEngine(undefined);
    findings.push(...(await searches("the embedded engine", embedded, many, options)));
    const real = await openSearchItself(options);
    if (real) findings.push(...(await searches("OpenSearch", real, many, options)));
    return findings;
  },
};

/** Uploads are spread over ten years; the last is of now. */
const timesOf = (count: number) =>
  Array.from({ length: count }, (_, n) => Date.now() - (3_650 * DAY * n) / count);
const MIDDLE = new Date(Date.now() - 1_825 * DAY).toISOString();

async function lists(many: number, { quick, say }: RowOptions): Promise<Finding[]> {
  const dataDir = mkdtempSync(join(tmpdir(), "shoebox-bench-"));
  const local = await startDynamoDb({ dataDir });
  const client = new DynamoDBClient({
    endpoint: local.url,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const side = async (count: number): Promise<Side> => {
    say(`writing ${count} images into a table`);
    const table = `images-${count}`;
    await declareImagesTable(client, table);
    const hasTag = (n: number) => n % 50 === 0;
    const collection = { ownerId: OWNER, times: timesOf(count), tag: TAG, hasTag };
    await fillImagesTable(client, { table, dataDir }, collection);
    const images = createImagesTable(DynamoDBDocumentClient.from(client), table);
    const deps = { images, cdn, now: Date.now };
    return { api: createApi({ routes: [listImages], deps, ...served }), images: count };
  };
  try {
    const sides = { large: await side(many), small: await side(FEW) };
    const list = (what: string, query: string, cursors?: Cursors) =>
      compare(`list: ${what}`, `/v1/images?${query}`, sides, { quick, cursors });
    say("asking for pages of lists");
    return [
      await list("the first page", "limit=50"),
      await list("from a day in the middle on", `limit=50&order=oldest&from=${MIDDLE}`),
      await list("a page deep in, by cursor", "limit=50", await cursorsDeepIn(sides)),
      // The few have twenty of them.
      await list("a tag that one in fifty has", `limit=20&tag=${TAG}`),
    ];
  } finally {
    client.destroy();
    await local.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function searches(
  where: string,
  engine: Engine,
  many: number,
  { quick, say }: RowOptions,
): Promise<Finding[]> {
  const indexes = imagesIndexes(engine.url);
  const deps = { search: createImagesSearch(indexes.client), cdn, now: Date.now } as never;
  const api = createApi({ routes: [search], deps, ...served });
  const side = async (count: number): Promise<Side> => {
    say(`indexing ${count} images in ${where}`);
    const index = await indexes.fill(OWNER, timesOf(count));
    const [enter, change] = [() => indexes.show(index), () => indexes.change(index)];
    return { api, images: count, enter, change };
  };
  try {
    const sides = { large: await side(many), small: await side(FEW) };
    const queries = [
      ["newest first", "sort=newest&limit=50"],
      ["a tag that one in fifty has", `tag=${TAG}&sort=newest&limit=20`],
      ["a word that three in eight have, by relevance", "q=harbour&limit=50"],
      ["two words, of half of the years", `q=harbour%20number&from=${MIDDLE}&limit=50`],
      ["facets of all", "facets=tags,months&limit=1"],
    ];
    const findings: Finding[] = [];
    say(`searching in ${where}`);
    for (const [what, query] of queries) {
      for (const anew of [false, true]) {
        const title = `${where}: ${what}${anew ? ", the first time after a change" : ""}`;
        findings.push(await compare(title, `/v1/search?${query}`, sides, { quick, anew }));
      }
    }
    return findings;
  } finally {
    await indexes.close();
    await engine.stop();
  }
}

interface Cursors {
  large: string;
  small: string;
}

/** What is behind the newest fifth of a list; on the way there every image of it has been seen. */
async function cursorsDeepIn({ large, small }: Sides): Promise<Cursors> {
  const walk = async ({ api, images }: Side) => {
    let cursor = "";
    for (let seen = 0; seen < images / 5; seen += 100) {
      const page = await ask(api, `/v1/images?limit=100${cursor && `&cursor=${cursor}`}`);
      const { items, nextCursor } = JSON.parse(page) as { items: unknown[]; nextCursor: string };
      if (items.length !== 100) throw new Error(`After ${seen} images came ${items.length}.`);
      cursor = nextCursor;
    }
    return cursor;
  };
  return { large: await walk(large), small: await walk(small) };
}

async function compare(
  what: string,
  path: string,
  { large, small }: Sides,
  { quick, anew, cursors }: { quick: boolean; anew?: boolean; cursors?: Cursors },
): Promise<Finding> {
  const page = (side: Side, cursor?: string) => async () => {
    await side.enter?.();
    const took: number[] = [];
    for (let n = 0; n < 3; n++) {
      if (anew) await side.change?.();
      const began = performance.now();
      await ask(side.api, cursor === undefined ? path : `${path}&cursor=${cursor}`);
      took.push(performance.now() - began);
    }
    return quantile(took, 0.5);
  };
  const took = await alternate(quick ? 5 : 10, {
    ours: page(large, cursors?.large),
    peer: page(small, cursors?.small),
  });
  return {
    what,
    ours: { ...spreadOf(took.ours), unit: "ms" },
    peer: { ...spreadOf(took.peer), unit: "ms", name: `among ${FEW.toLocaleString("en")}` },
    ratio: ratioOf(took),
    target: { atMost: 1.3 },
    note: `ours is among ${large.images.toLocaleString("en")} of the same owner`,
  };
}

async function ask(api: Api, path: string): Promise<string> {
  const requestContext = { requestId: "bench-request", authorizer: { userId: OWNER } };
  const answer = await api.request(path, {}, { requestContext });
  const body = await answer.text();
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${body}`);
  return body;
}
