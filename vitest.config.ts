import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{shared,services,infra,local,e2e,scripts}/**/*.test.{ts,mjs}"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    testTimeout: 20_000,
  },
});
