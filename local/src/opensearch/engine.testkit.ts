import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@opensearch-project/opensearch";
import { startOpenSearch } from "./server.ts";

export interface TestEngine {
  node: string;
  stop(): Promise<void>;
}

/** What the search service calls its indexes. */
const OURS = "images*";

/**
 * What tests of search run on: an embedded stand-in of their own, or the real OpenSearch that SHOEBOX_OPENSEARCH names.
 * A real one is shared by all files, which therefore run one after the other (`npm run test:engines` sees to that),
 * and each begins and ends without any of our indexes.
 */
export async function startTestEngine(): Promise<TestEngine> {
  const real = process.env.SHOEBOX_OPENSEARCH;
  if (real) {
    await wipe(real);
    return { node: real, stop: () => wipe(real) };
  }
  const dataDir = await mkdtemp(join(tmpdir(), "shoebox-opensearch-"));
  const server = await startOpenSearch({ dataDir });
  return {
    node: server.url,
    async stop() {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function wipe(node: string): Promise<void> {
  const client = new Client({ node });
  await client.indices.delete({ index: OURS });
  await client.close();
}
