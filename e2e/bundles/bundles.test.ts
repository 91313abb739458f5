import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ServiceSpec } from "@shoebox/local/lambda/spec";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { signIn, upload } from "../client.ts";
import { listenToFacts } from "../facts.ts";
import { smallPicture } from "../pictures.ts";
import { endOf, startRebuild } from "../rebuilds.ts";
import { askForSnapshot } from "./ask-for-snapshot.ts";
import { listenToEnvelopes } from "./envelopes.ts";
import { invoke } from "./invoke.ts";
import { type Happened, realEvent } from "./real-events.ts";

const url = inject("url");
const specs = ["upload", "catalog", "processing", "search"].map((service) => {
  const file = join(inject("folder"), "lambda", `${service}.json`);
  return JSON.parse(readFileSync(file, "utf8")) as ServiceSpec;
});
const dist = fileURLToPath(new URL("../../dist", import.meta.url));

let happened: Happened;
beforeAll(async () => {
  const listening = await listenToEnvelopes(url);
  const facts = await listenToFacts(url);
  for (const service of specs) if (service.service === "catalog") await askForSnapshot(service);
  const user = await signIn(url);
  const picture = await smallPicture(42);
  const id = await upload(user, picture, { contentType: "image/jpeg", tags: ["bundled"] });
  await facts.status(id, "ready");
  await user.call("DELETE", `/v1/images/${id}`);
  await facts.about(id, ({ type }) => type === "RenditionsDeleted");
  await facts.about(id, ({ type }) => type === "OriginalDeleted");
  facts.close();
  const admin = await signIn(url, "bundles-admin", true);
  await endOf(admin, await startRebuild(admin, { source: "archive" }));
  happened = { envelopes: listening.close(), token: user.token };
}, 90_000);

describe.each(specs)("$service", (service) => {
  it("is deployed with all its functions, and no others", () => {
    const built = readdirSync(join(dist, service.service)).sort();
    const declared = service.functions.map(({ entry }) => entry.split("/").at(-2)).sort();
    expect(built).toEqual(declared);
  });

  it.each(service.functions)(
    "$name works in a clean process, called with what really happened",
    async (fn) => {
      const event = await realEvent(service, fn, happened);
      const records = (event as { Records?: unknown[] }).Records;
      if (records) expect(records.length).toBeGreaterThan(0);
      const answer = await invoke(service, fn, event);
      if (records) {
        const failed = (answer as { batchItemFailures: unknown[] } | null)?.batchItemFailures;
        expect(failed ?? []).toEqual([]);
      } else if (fn.name.endsWith("-authorizer")) {
        expect(answer).toMatchObject({ policyDocument: { Statement: [{ Effect: "Allow" }] } });
      } else expect(answer).toMatchObject({ statusCode: 200 });
    },
  );
});
