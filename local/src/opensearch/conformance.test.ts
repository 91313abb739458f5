import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeSearchEngine } from "./conformance.ts";
import { startOpenSearch } from "./server.ts";

describeSearchEngine("the OpenSearch stand-in", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "opensearch-conformance-"));
  const server = await startOpenSearch({ dataDir });
  return {
    node: server.url,
    async stop() {
      await server.close();
      await rm(dataDir, { recursive: true });
    },
  };
});
