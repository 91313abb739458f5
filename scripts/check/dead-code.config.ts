import type { KnipConfig } from "knip";

/**
 * What knip takes for alive. Every workspace exports all its files to the others (`"./*"`), which knip would take for
 * a public interface: `includeEntryExports` makes it look for a user of each export all the same.
 */
const config: KnipConfig = {
  includeEntryExports: true,
  // A type may be exported for who wants to name what a function takes or gives. A value must have a user.
  ignoreExportsUsedInFile: { interface: true, type: true },
  workspaces: {
    ".": {
      entry: [
        "scripts/count-tests.mjs",
        "scripts/check/{main,text}.ts",
        "scripts/check/*.config.*",
        "scripts/build/main.ts",
      ],
      project: "scripts/**/*.{ts,mjs}",
    },
    shared: { project: "src/**/*.ts" },
    "services/*": { entry: "src/functions/*.ts", project: "src/**/*.ts" },
    infra: { entry: "*/index.ts", project: "**/*.ts" },
    local: { entry: "src/graph/*-process.ts", project: "src/**/*.ts" },
    ops: { project: "src/**/*.ts" },
    sim: { entry: "long/*.ts", project: "**/*.ts" },
    e2e: {
      entry: [
        "demo/main.ts",
        "screenshots/main.ts",
        "measure/*.ts",
        "bundles/invoke-process.ts",
        "engines/main.ts",
        "{browser,bundles,chaos,clients,engines,tutorials,walkthrough}/vitest.config.ts",
        "browser/global-setup.ts",
      ],
      project: "**/*.ts",
    },
    bench: {
      entry: ["src/{main,encoders}.ts", "src/row-process.ts", "src/stand/*-{server,process}.ts"],
      project: ["src/**/*.ts", "peers/*.ts"],
    },
    web: {
      entry: ["src/main.tsx", "src/events/main.tsx", "vite.config.ts"],
      project: ["src/**/*.{ts,tsx}", "*.ts"],
    },
    // Bundled by the tests that run in a browser.
    cli: { project: "**/*.{ts,mjs}" },
    "clients/uppy-*": { entry: "page.ts", project: "*.ts" },
    // What a package offers to others has its users elsewhere.
    "clients/typescript": {
      entry: ["generate.ts", "pack.ts"],
      project: "**/*.ts",
      includeEntryExports: false,
    },
  },
  // Their users are not in the code: Lambda calls handlers, Pulumi publishes outputs, tools read their settings.
  ignoreIssues: {
    // A document has parts that no client needs.
    "clients/typescript/src/generated/*.ts": ["types"],
    "services/*/src/functions/*.ts": ["exports"],
    "infra/*/index.ts": ["exports"],
    "scripts/check/*.config.*": ["exports"],
    "sim/long/vitest.config.ts": ["exports"],
    "e2e/{browser,bundles,chaos,clients,engines,tutorials,walkthrough}/vitest.config.ts": [
      "exports",
    ],
    "e2e/browser/global-setup.ts": ["exports"],
    "web/vite.config.ts": ["exports"],
  },
  // Started by path, not imported.
  ignoreDependencies: ["@biomejs/biome"],
};

export default config;
