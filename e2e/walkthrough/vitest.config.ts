import { defineConfig } from "vitest/config";

/** Not part of the other tests: it needs what a shell has, and sends large files. */
export default defineConfig({
  test: {
    name: "walkthrough",
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    globalSetup: "../shared-system.ts",
    testTimeout: 120_000,
    hookTimeout: 90_000,
  },
});
