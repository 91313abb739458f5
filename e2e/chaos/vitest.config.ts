import { defineConfig } from "vitest/config";

/** Not part of the other tests: minutes of a system that is killed again and again. */
export default defineConfig({
  test: {
    name: "chaos",
    root: import.meta.dirname,
    include: ["*.test.ts"],
    // Each has a system of its own, and wants the machine for it.
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 900_000,
  },
});
