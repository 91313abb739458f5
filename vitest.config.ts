import { defineConfig } from "vitest/config";
import e2e from "./e2e/vitest.config.ts";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "code",
          include: ["{shared,services,infra,local,scripts}/**/*.test.{ts,mjs}"],
          exclude: ["**/node_modules/**", "**/dist/**"],
          testTimeout: 20_000,
        },
      },
      // After the rest (group 0), because a whole system wants the machine for itself. Never a negative group for the
      // rest: vitest 5.1.1 leaves out the files of such a project without a word.
      { test: { ...e2e.test, sequence: { groupOrder: 1 } } },
    ],
  },
});
