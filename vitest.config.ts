import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "code",
          include: [
            "{shared,services,infra,local,sim,ops,bench,scripts,clients/typescript,cli,web}/**/*.test.{ts,mjs}",
          ],
          exclude: ["**/node_modules/**", "**/dist/**", "sim/long/**"],
          // Far above what anything takes, so that on a busy machine, too, only what hangs fails.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // A worker runs many files and loads what they import once: half of the CPU time of a worker for each. What a
          // file changes of the process it puts back.
          isolate: false,
          // Left alone, vitest keeps one core for itself: of two that is half the machine.
          maxWorkers: Math.max(2, availableParallelism() - 1),
        },
      },
      "e2e",
    ],
  },
});
