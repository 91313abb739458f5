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
        },
      },
      "e2e",
    ],
  },
});
