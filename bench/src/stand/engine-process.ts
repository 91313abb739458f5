import { startOpenSearch } from "@shoebox/local/opensearch/server";

/** `node engine-process.ts DATA`: the embedded engine by itself, which tells its URL when it is ready. */
const [dataDir = ""] = process.argv.slice(2);
const server = await startOpenSearch({ dataDir });

process.on("disconnect", async () => {
  await server.close();
  process.exit(0);
});
process.send?.(server.url);
