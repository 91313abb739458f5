import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { Client } from "@opensearch-project/opensearch";
import { createImagesTable } from "@shoebox/catalog/adapters/images-table";
import { listImages } from "@shoebox/catalog/api/list-images";
import { applyTable } from "@shoebox/local/dynamodb/apply-table";
import { startDynamoDb } from "@shoebox/local/dynamodb/start-dynamodb";
import { createImagesSearch } from "@shoebox/search/adapters/images-search";
import { createIndexWriter } from "@shoebox/search/adapters/index-writer";
import { search } from "@shoebox/search/api/search";
import { imageDocument } from "@shoebox/search/domain/document";
import { READ_ALIAS } from "@shoebox/search/domain/index-name";
import { createCdnSigner } from "@shoebox/shared/cdn/signer";
import { type Api, createApi } from "@shoebox/shared/http/api";
import { createLogger } from "@shoebox/shared/log";
import { putImages, storedImage } from "../../../e2e/stored-images.ts";
import type { Finding, Row, RowOptions } from "../finding.ts";
import { alternate } from "../measure/alternate.ts";
import { quantile, ratioOf, spreadOf } from "../measure/statistics.ts";
import { searchEngine } from "../stand/engine.ts";
import { imageState } from "../stand/images.ts";

const FEW = 1_000;
const OWNER = "collector";
const DAY = 86_400_000;

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const cdn = createCdnSigner({
  baseUrl: "https://cdn.example",
  keyId: "K1",
  privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
});
const log = createLogger("bench", "warn");

/** One owner has all of them: the worst there can be. Written straight into the stores. */
export const paging: Row = {
  name: "paging",
  title: "a page of a list and of a search, among many images and among few",
  async measure(options) {
    const many = options.quick ? 20_000 : 200_000;
    const findings = await lists(many, options);
    findings.push(...(await searches("the embedded engine", undefined, many, options)));
    if (options.opensearch) {
      findings.push(...(await searches("OpenSearch", options.opensearch, many, options)));
    }
    return findings;
  },
};

/** Uploads are spread over ten years; the last is of now. */
const uploadedAt = (n: number, count: number) => Date.now() - (3_650 * DAY * n) / count;

async function lists(many: number, { quick, say }: RowOptions): Promise<Finding[]> {
  const dataDir = mkdtempSync(join(tmpdir(), "shoebox-bench-"));
  const local = await startDynamoDb({ dataDir });
  const client = new DynamoDBClient({
    endpoint: local.url,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const documents = DynamoDBDocumentClient.from(client);
  const api = async (count: number) => {
    say(`writing ${count} images into a table`);
    const table = `images-${count}`;
    await applyTable(client, {
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: ["PK", "SK"].map((name) => ({
        AttributeName: name,
        AttributeType: "S",
      })),
      KeySchema: [
        { AttributeName: "PK", KeyType: "HASH" },
        { AttributeName: "SK", KeyType: "RANGE" },
      ],
    });
    const at = Array.from({ length: count }, (_, n) => uploadedAt(n, count));
    const part = Math.ceil(count / 8);
    await Promise.all(
      Array.from({ length: 8 }, async (_, p) => {
        for (let from = p * part; from < Math.min((p + 1) * part, count); from += 500) {
          const some = at.slice(from, Math.min(from + 500, (p + 1) * part));
          await putImages(
            documents,
            some.map((time) => storedImage(OWNER, ["sea"], time)),
            table,
          );
        }
      }),
    );
    const images = createImagesTable(documents, table);
    return createApi({
      routes: [listImages],
      deps: { images, cdn, now: Date.now },
      log,
      corsOrigins: [],
    });
  };
  try {
    const [large, small] = [await api(many), await api(FEW)];
    const month = new Date(uploadedAt(1, 2)).toISOString();
    return [
      await compare("list: the first page", "/v1/images?limit=50", { large, small }, many, quick),
      await compare(
        "list: fifty from a day in the middle on",
        `/v1/images?limit=50&order=oldest&from=${month}`,
        { large, small },
        many,
        quick,
      ),
    ];
  } finally {
    client.destroy();
    await local.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function searches(
  what: string,
  url: string | undefined,
  many: number,
  { quick, say }: RowOptions,
): Promise<Finding[]> {
  const open = async (count: number, at: string | undefined) => {
    const engine = await searchEngine(at);
    const client = new Client({ node: engine.url });
    say(`indexing ${count} images`);
    const writer = createIndexWriter(client, { shards: 1, replicas: 0 });
    const targets = await writer.liveTargets();
    for (let from = 0; from < count; from += 500) {
      const some = Array.from({ length: Math.min(500, count - from) }, (_, n) =>
        imageDocument(imageState(OWNER, uploadedAt(from + n, count))),
      );
      await writer.apply(targets, some);
    }
    await client.indices.refresh({ index: READ_ALIAS });
    const deps = { search: createImagesSearch(client), cdn, now: Date.now } as never;
    const api = createApi({ routes: [search], deps, log, corsOrigins: [] });
    return {
      api,
      close: async () => {
        await client.close();
        await engine.stop();
      },
    };
  };
  // A real engine is one: the few are measured in an embedded one there, so only its own cost is told.
  const [large, small] = [await open(many, url), await open(FEW, undefined)];
  try {
    const queries: [string, string][] = [
      ["newest first", "sort=newest"],
      ["with a tag that one in fifty has", "tag=trip-7&sort=newest"],
      ["a word that one in eight has, by relevance", "q=harbour"],
      [
        "two words and a year",
        `q=harbour%20number&from=${new Date(uploadedAt(1, 2)).toISOString()}`,
      ],
      ["facets of all", "facets=tags,months&limit=1"],
    ];
    const findings: Finding[] = [];
    for (const [name, query] of queries) {
      const limit = query.includes("limit") ? "" : "&limit=50";
      const path = `/v1/search?${query}${limit}`;
      const apis = { large: large.api, small: small.api };
      findings.push(await compare(`search in ${what}: ${name}`, path, apis, many, quick));
    }
    return findings;
  } finally {
    await Promise.all([large.close(), small.close()]);
  }
}

async function compare(
  what: string,
  path: string,
  { large, small }: { large: Api; small: Api },
  many: number,
  quick: boolean,
): Promise<Finding> {
  const page = (api: Api) => async () => {
    const took: number[] = [];
    for (let n = 0; n < 5; n++) {
      const began = performance.now();
      const requestContext = { requestId: "bench-request", authorizer: { userId: OWNER } };
      const answer = await api.request(path, {}, { requestContext });
      await answer.text();
      took.push(performance.now() - began);
      if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}.`);
    }
    return quantile(took, 0.5);
  };
  const took = await alternate(quick ? 5 : 15, { ours: page(large), peer: page(small) });
  return {
    what,
    ours: { ...spreadOf(took.ours), unit: "ms" },
    peer: { ...spreadOf(took.peer), unit: "ms", name: `among ${FEW.toLocaleString("en")}` },
    ratio: ratioOf(took),
    target: { atMost: 1.3 },
    note: `ours is among ${many.toLocaleString("en")} of the same owner`,
  };
}
