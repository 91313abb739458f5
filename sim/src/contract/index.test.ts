import { Client } from "@opensearch-project/opensearch";
import { startTestEngine, type TestEngine } from "@shoebox/local/opensearch/engine.testkit";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { describeIndex } from "./index.contract.ts";
import { goingOn, simulatedStores } from "./simulated.ts";

let tests = 0;
/** They begin as the service's own indexes do: a real engine is cleaned of these. */
function naming() {
  tests += 1;
  const prefix = `images-contract-${tests}`;
  return (label: string) => `${prefix}-${label}`;
}

describeIndex("simulated", async () => {
  const world = simulatedStores({});
  onTestFinished(world.close);
  return { client: goingOn<Client>(world.clients.search, world), name: naming() };
});

let engine: TestEngine;
let client: Client;

beforeAll(async () => {
  engine = await startTestEngine();
  client = new Client({ node: engine.node });
});

afterAll(async () => {
  await client.close();
  await engine.stop();
});

/** The embedded stand-in, or the OpenSearch that SHOEBOX_OPENSEARCH names, in `npm run test:engines`. */
describeIndex(process.env.SHOEBOX_OPENSEARCH ? "OpenSearch" : "embedded", async () => ({
  client,
  name: naming(),
}));
