import { defineConfig } from "vitest/config";

/** What is too long for every test run: `npm run test:sim`. */
export default defineConfig({
  test: { include: ["*.test.ts"], testTimeout: 600_000, isolate: false },
});
