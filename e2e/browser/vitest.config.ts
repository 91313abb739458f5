import { defineConfig } from "vitest/config";

/** Not part of the other tests: it needs a Chromium. */
export default defineConfig({
  test: {
    name: "browser",
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    globalSetup: "./global-setup.ts",
    testTimeout: 60_000,
    hookTimeout: 90_000,
  },
});
