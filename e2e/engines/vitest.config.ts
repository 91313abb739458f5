import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Not part of the other tests: these share one OpenSearch and one DynamoDB Local, which need Java. */
export default defineConfig({
  test: {
    root,
    projects: [
      {
        test: {
          name: "system over OpenSearch",
          root: fileURLToPath(new URL("..", import.meta.url)),
          include: ["{search,rebuild,ops}*.test.ts"],
          globalSetup: "./shared-system.ts",
          testTimeout: 60_000,
          hookTimeout: 90_000,
          maxWorkers: 1,
          // Before the others, which remove the system's index.
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "engines",
          root,
          include: [
            "local/src/opensearch/conformance.test.ts",
            "sim/src/contract/{tables,index}.test.ts",
            "services/search/src/**/*.integration.test.ts",
          ],
          testTimeout: 60_000,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
