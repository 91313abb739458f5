import { defineConfig } from "vitest/config";

/** Not part of the other tests: the clients sending large files, as programs of their own. */
export default defineConfig({
  test: {
    name: "clients",
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    globalSetup: "../shared-system.ts",
    testTimeout: 120_000,
    hookTimeout: 90_000,
    maxWorkers: 1,
  },
});
