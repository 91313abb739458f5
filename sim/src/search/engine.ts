import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCluster } from "@shoebox/local/opensearch/cluster";
import { errorAnswer, route } from "@shoebox/local/opensearch/routes/router";

export interface SearchAnswer {
  status: number;
  body: string | undefined;
}

export interface SearchEngine {
  answer(request: {
    method: string;
    path: string;
    query: string;
    body: Uint8Array;
  }): Promise<SearchAnswer>;
  close(): void;
}

/**
 * The index: the local cloud's stand-in for OpenSearch itself, in this thread and in the world's
 * time. It is held to the real one by its own conformance suite, so there is no second fake.
 */
export function createSearchEngine(now: () => number): SearchEngine {
  const folder = mkdtempSync(join(tmpdir(), "shoebox-sim-"));
  const cluster = openCluster(folder);
  return {
    async answer(request) {
      try {
        return await route(cluster, { id: 0, now: now(), ...request });
      } catch (error) {
        return errorAnswer(error);
      }
    },
    close() {
      cluster.close();
      rmSync(folder, { recursive: true });
    },
  };
}
