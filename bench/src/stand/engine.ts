import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@opensearch-project/opensearch";
import { Refusal } from "@shoebox/local/cloud/refusal";
import { startRealOpenSearch } from "@shoebox/local/real-opensearch/start";
import type { RowOptions } from "../finding.ts";
import { startChild } from "./child.ts";

export interface Engine {
  url: string;
  stop(): Promise<void>;
}

/**
 * An embedded engine in a process of its own, as it is in a system that runs, or the one that runs there: then without any of our indexes, before
 * and after. It is meant for measuring, so it is not one that anybody needs.
 */
export async function searchEngine(url: string | undefined): Promise<Engine> {
  if (url !== undefined) {
    await wipe(url);
    return { url, stop: () => wipe(url) };
  }
  const dataDir = await mkdtemp(join(tmpdir(), "shoebox-bench-"));
  const child = await startChild("engine-process.ts", dataDir);
  return {
    url: String(child.hello),
    async stop() {
      await child.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** OpenSearch itself: the one that is named, or one of its own as `npm run opensearch` gets it; undefined, and said why, where it can't be had. */
export async function openSearchItself({
  opensearch,
  say,
}: RowOptions): Promise<Engine | undefined> {
  if (opensearch !== undefined) return searchEngine(opensearch);
  const dataDir = await mkdtemp(join(tmpdir(), "shoebox-bench-"));
  const removeData = () => rm(dataDir, { recursive: true, force: true });
  try {
    const { url, close } = await startRealOpenSearch({ port: 0, dataDir, onStep: say });
    return {
      url,
      async stop() {
        await close();
        await removeData();
      },
    };
  } catch (error) {
    await removeData();
    if (!(error instanceof Refusal)) throw error;
    say(`Without OpenSearch itself: ${error.message}`);
    return undefined;
  }
}

async function wipe(node: string): Promise<void> {
  const client = new Client({ node });
  await client.indices.delete({ index: "images*" });
  await client.close();
}
