import { defineConfig } from "vitest/config";

/** Not part of the other tests: it runs tests and tools over a copy of the whole tree. */
export default defineConfig({
  test: {
    name: "tutorials",
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    testTimeout: 300_000,
    hookTimeout: 60_000,
  },
});
