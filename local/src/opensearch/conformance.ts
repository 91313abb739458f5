import { randomUUID } from "node:crypto";
import { Client } from "@opensearch-project/opensearch";
import { afterAll, beforeAll, describe } from "vitest";
import { describeAliases } from "./conformance/aliases.ts";
import { describeDocuments } from "./conformance/documents.ts";
import { describeFuzziness } from "./conformance/fuzziness.ts";
import { describeIndices } from "./conformance/indices.ts";
import { describeQueries } from "./conformance/queries.ts";
import { describeSearches } from "./conformance/searches.ts";

export type RunningEngine = { node: string; stop(): Promise<void> };

/**
 * The documented behaviour that Shoebox relies on, as tests that run over any engine that speaks OpenSearch 2.19's
 * protocol. They use indices of their own with unique names, remove them, and touch nothing else of the engine.
 */
export function describeSearchEngine(name: string, start: () => Promise<RunningEngine>): void {
  describe(name, () => {
    const run = randomUUID().slice(0, 8);
    const created = new Set<string>();
    let engine: RunningEngine;
    const harness = {
      client: undefined as unknown as Client,
      name(label: string) {
        const unique = `conformance-${label}-${run}`;
        created.add(unique);
        return unique;
      },
    };

    beforeAll(async () => {
      engine = await start();
      harness.client = new Client({ node: engine.node });
    });

    afterAll(async () => {
      for (const index of created) {
        await harness.client.indices.delete({ index }, { ignore: [400, 404] });
      }
      await harness.client.close();
      await engine.stop();
    });

    describeIndices(harness);
    describeAliases(harness);
    describeDocuments(harness);
    describeQueries(harness);
    describeFuzziness(harness);
    describeSearches(harness);
  });
}
