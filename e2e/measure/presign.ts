import { parseArgs } from "node:util";
import { signIn } from "../client.ts";
import { newDataFolder, removeDataFolder, startSystem } from "../system.ts";

/**
 * Asks the whole system for presigned forms and URLs of parts and prints how long the answers take, as
 * a client sees them:
 *
 *     node e2e/measure/presign.ts [--requests 1000]
 */

const { values } = parseArgs({ options: { requests: { type: "string", default: "1000" } } });
const requests = Number(values.requests);
const folder = newDataFolder();
const system = await startSystem(folder);
try {
  const user = await signIn(system.url);
  const picture = { contentType: "image/jpeg", size: 1_000_000 };
  const post = (path: string, body: object) => async () => {
    const { status } = await user.call("POST", path, { body });
    if (status >= 300) throw new Error(`POST ${path} answered ${status}.`);
  };
  const large = { ...picture, size: 500 * 1024 ** 2 };
  const { body: begun } = await user.call<{ imageId: string }>("POST", "/v1/uploads", {
    body: large,
  });
  const partNumbers = Array.from({ length: 32 }, (_, index) => index + 1);
  const form = post("/v1/uploads", picture);
  const batch = post("/v1/uploads/batch", { uploads: Array(100).fill(picture) });
  const parts = post(`/v1/uploads/${begun.imageId}/parts`, { partNumbers });
  await measure("warming up", form, requests / 5, 1);
  await measure("a form", form, requests, 1);
  await measure("a form, 16 at a time", form, requests, 16);
  await measure("a hundred forms", batch, requests / 20, 1);
  await measure("URLs of 32 parts", parts, requests / 4, 1);
} finally {
  await system.stop();
  removeDataFolder(folder);
}

async function measure(name: string, ask: () => Promise<void>, count: number, atOnce: number) {
  const took: number[] = [];
  const worker = async () => {
    for (let n = 0; n < count / atOnce; n++) {
      const asked = performance.now();
      await ask();
      took.push(performance.now() - asked);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: atOnce }, worker));
  const seconds = (performance.now() - began) / 1000;
  took.sort((a, b) => a - b);
  const at = (share: number) => `${took[Math.floor((took.length - 1) * share)]?.toFixed(1)} ms`;
  process.stdout.write(
    `${name.padEnd(22)} p50 ${at(0.5)}, p99 ${at(0.99)}, most ${at(1)}; ${Math.round(took.length / seconds)} a second\n`,
  );
}
