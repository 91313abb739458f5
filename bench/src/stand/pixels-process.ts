import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type MakePictures, makers } from "./pixels.ts";

/**
 * `node pixels-process.ts MAKER FOLDER`: makes the renditions of all pictures of a folder, each time
 * it is told to, and says what it took. A process of its own, since sharp is set up once for each.
 */
const [maker = "", folder = ""] = process.argv.slice(2);
const make: MakePictures = await (makers[maker as keyof typeof makers] ?? makers.ours)(folder);
const pictures = readdirSync(folder)
  .sort()
  .map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));

process.on("message", async () => {
  const began = performance.now();
  const before = process.cpuUsage();
  const bytes = await make(pictures);
  const { user, system } = process.cpuUsage(before);
  process.send?.({
    ms: performance.now() - began,
    cpu: (user + system) / 1000,
    bytes,
    resident: process.resourceUsage().maxRSS * 1024,
  });
});
process.on("disconnect", () => process.exit(0));
process.send?.({});
