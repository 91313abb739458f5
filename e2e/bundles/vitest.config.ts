import { defineConfig } from "vitest/config";

// Read by the system's start, in the global setup and in the tests that start one of their own.
process.env.SHOEBOX_E2E_BUNDLES = "1";

/** Not part of the other tests: it runs what `npm run build` made. */
export default defineConfig({
  test: {
    name: "bundles",
    root: import.meta.dirname,
    include: ["*.test.ts", "../{flow,deletion,search,tokens}.test.ts"],
    globalSetup: "../shared-system.ts",
    testTimeout: 60_000,
    hookTimeout: 90_000,
  },
});
