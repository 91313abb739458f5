import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "e2e",
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    // Rebuilds of a whole system take their time: they are seen over OpenSearch itself (`npm run test:engines`).
    exclude: [
      "**/node_modules/**",
      "{browser,bundles,chaos,clients,tutorials,walkthrough}/**",
      "rebuild*.test.ts",
    ],
    globalSetup: "./shared-system.ts",
    testTimeout: 60_000,
    hookTimeout: 90_000,
    maxWorkers: 2,
    // After the other tests (group 0), because a whole system wants the machine for itself.
    sequence: { groupOrder: 1 },
  },
});
