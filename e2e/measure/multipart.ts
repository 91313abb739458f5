import { parseArgs } from "node:util";
import { type Image, signIn, type User, upload } from "../client.ts";
import { type Resident, watchMemory } from "../memory.ts";
import { beginInParts, largeFile, numbersTo, sendParts } from "../parts.ts";
import { generatedPictures } from "../pictures.ts";
import { newDataFolder, removeDataFolder, startSystem } from "../system.ts";

/**
 * Uploads one large file in parts through the whole system and prints how long each step takes and
 * how much memory each process of the system gains:
 *
 *     node e2e/measure/multipart.ts [--mib 500] [--sha256]
 */

const { values } = parseArgs({
  options: { mib: { type: "string", default: "500" }, sha256: { type: "boolean", default: false } },
});
const size = Number(values.mib) * 1024 ** 2;
const [picture] = await generatedPictures();
if (!picture) throw new Error("There are no pictures.");

const say = (line: string) => process.stdout.write(`${line}\n`);
const folder = newDataFolder();
const system = await startSystem(folder);
try {
  const user = await signIn(system.url);
  // What is loaded when it is first needed is loaded now.
  await ready(user, await upload(user, picture.bytes, { contentType: picture.contentType }));

  const file = largeFile(picture.bytes, size);
  const sha256 = values.sha256 ? file.sha256() : undefined;
  const names = new Map(Object.entries(system.services).map(([name, pid]) => [pid, name]));
  const pids = [system.pid, ...system.children()];
  const memory = await watchMemory(
    pids.map((pid) => ({ pid, name: pid === system.pid ? "cloud" : (names.get(pid) ?? "other") })),
  );
  const took = stopwatch();
  const begun = await beginInParts(user, { contentType: picture.contentType, size, sha256 });
  took("begin");
  const parts = await sendParts(user, begun, file, numbersTo(begun.partCount));
  took(`send ${begun.partCount} parts`);
  await user.call("POST", `/v1/uploads/${begun.imageId}/complete`, { body: { parts } });
  took("complete");
  for (let status = "awaiting"; status === "awaiting"; ) {
    const { body } = await user.get<{ status: string }>(`/v1/uploads/${begun.imageId}?wait=20`);
    status = body.status;
    if (status !== "awaiting") say(`the upload is ${status}`);
  }
  took("verified");
  say(`the image is ${await ready(user, begun.imageId)}`);
  took("processed");
  report(await memory.stop());
} finally {
  await system.stop();
  removeDataFolder(folder);
}

async function ready(user: User, imageId: string): Promise<string> {
  for (;;) {
    const { status, body } = await user.get<Image>(`/v1/images/${imageId}`);
    if (status === 200 && body.status !== "processing") {
      return `${body.status} ${body.reason?.message ?? ""}`;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function stopwatch(): (step: string) => void {
  let last = performance.now();
  return (step) => {
    const now = performance.now();
    say(`${step.padEnd(16)} ${Math.round(now - last)} ms`);
    last = now;
  };
}

function report(processes: Resident[]): void {
  const mb = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
  for (const { name, pid, before, peak } of processes) {
    say(`${name.padEnd(12)} ${pid}: ${mb(before)} → ${mb(peak)} (+${mb(peak - before)})`);
  }
}
