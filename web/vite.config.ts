import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

/** Every page of the site, by its HTML file beside this one. */
const pages = ["index.html"];
/** Pages that only a local system has: they are made of its `/dev`. What is deployed is built without them. */
const localPages = ["events.html"];

export default defineConfig(({ mode }) => ({
  root: import.meta.dirname,
  // Where the gallery of a running system finds it while it is worked on with `vite web`.
  server: {
    proxy: Object.fromEntries(
      ["/v1", "/dev", "/config.json"].map((path) => [path, "http://127.0.0.1:7070"]),
    ),
  },
  build: {
    target: ["chrome123", "firefox120", "safari17.5"],
    // A picture inside of a style sheet would have to be allowed by the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // React's marks for servers, in libraries: there is no server here.
      onLog: (level, log, handle) => {
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") handle(level, log);
      },
      input: [...pages, ...(mode === "local-system" ? localPages : [])].map((page) =>
        fileURLToPath(new URL(page, import.meta.url)),
      ),
    },
  },
}));
