import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "code",
          include: ["{shared,services,infra,local,scripts}/**/*.test.{ts,mjs}"],
          exclude: ["**/node_modules/**", "**/dist/**"],
          testTimeout: 20_000,
          // Before e2e (0), which wants the machine for a whole system.
          sequence: { groupOrder: -1 },
        },
      },
      "e2e",
    ],
  },
});
