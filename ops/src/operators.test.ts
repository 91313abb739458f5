import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { startFrontDoor } from "./api.testkit.ts";
import { rebuild } from "./commands/rebuild.ts";
import { reconcile } from "./commands/reconcile.ts";

const ID = "019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55";
const RECONCILIATIONS = "/v1/uploads/ops/reconciliations";

const folder = mkdtempSync(join(tmpdir(), "ops-"));
const awsEnv = join(folder, "aws.env");
writeFileSync(
  awsEnv,
  "AWS_REGION=us-east-1\nAWS_ACCESS_KEY_ID=AKIA1\nAWS_SECRET_ACCESS_KEY=secret\nAWS_ENDPOINT_URL_SQS=http://127.0.0.1:1\n",
);
afterAll(() => rmSync(folder, { recursive: true }));

let door: Awaited<ReturnType<typeof startFrontDoor>>;
afterEach(() => door.close());

const SIGNED =
  /^AWS4-HMAC-SHA256 Credential=AKIA1[/]\d{8}[/]us-east-1[/]execute-api[/]aws4_request, /;
const signatures = () => door.asked().map(({ headers }) => String(headers.authorization));

const found = (n: number) => ({ check: "c", subject: { n }, why: "it is odd", repaired: false });
const run = (status: string, updatedAt = "2026-11-22T12:00:01.000Z") => ({
  reconciliationId: ID,
  status,
  repair: false,
  startedAt: "2026-11-22T12:00:00.000Z",
  updatedAt,
  counts: { c: { looked: 9, found: 2, repaired: 0, failed: 0 } },
});

describe("reconcile", () => {
  it("asks and reads as an operator, page by page, whatever token there is", async () => {
    door = await startFrontDoor({
      [`POST ${RECONCILIATIONS}`]: [[202, { reconciliationId: ID }]],
      [`GET ${RECONCILIATIONS}/${ID}`]: [[200, run("finished")]],
      [`GET ${RECONCILIATIONS}/${ID}/findings?limit=100`]: [
        [200, { items: [found(1)], nextCursor: "next" }],
      ],
      [`GET ${RECONCILIATIONS}/${ID}/findings?limit=100&cursor=next`]: [
        [200, { items: [found(3)] }],
      ],
    });
    const session = door.session({ awsEnv, token: "somebody's" });
    expect(await reconcile.run({ words: ["upload"], options: {} }, session)).toBe(1);
    expect(door.asked()[0]?.body).toEqual({ repair: false });
    for (const signature of signatures()) expect(signature).toMatch(SIGNED);
    expect(door.said.map((line) => JSON.parse(line))).toEqual([
      found(1),
      found(3),
      expect.objectContaining({ reconciliation: ID, dryRun: true }),
    ]);
  });

  it("has one go on whose time was up, once for each time", async () => {
    door = await startFrontDoor({
      [`POST ${RECONCILIATIONS}`]: [[202, { reconciliationId: ID }]],
      [`GET ${RECONCILIATIONS}/${ID}`]: [
        [200, run("paused")],
        [200, run("paused")],
        [200, run("finished")],
      ],
      [`GET ${RECONCILIATIONS}/${ID}/findings?limit=100`]: [[200, { items: [] }]],
    });
    const given = { words: ["upload"], options: { id: ID } };
    await reconcile.run(given, door.session({ awsEnv }));
    const asked = door.asked().filter(({ what }) => what.startsWith("POST"));
    expect(asked.map(({ body }) => body)).toEqual([{ reconciliationId: ID }]);
  });

  it("says what is missing when there are no credentials", async () => {
    door = await startFrontDoor({});
    const session = door.session({ awsEnv: join(folder, "none.env") });
    await expect(reconcile.run({ words: ["upload"], options: {} }, session)).rejects.toMatchObject({
      message: expect.stringContaining("--aws-env"),
      exitCode: 3,
    });
    expect(door.asked()).toEqual([]);
  });
});

it("a rebuild without a token is asked of the operators' route, signed; with one of the administrators'", async () => {
  door = await startFrontDoor({
    "POST /v1/search/ops/rebuilds": [[202, { rebuildId: ID }]],
    "POST /v1/search/rebuilds": [[202, { rebuildId: ID }]],
  });
  const given = { words: [], options: {} };
  await rebuild.run(given, door.session({ awsEnv }));
  await rebuild.run(given, door.session({ awsEnv, token: "an-administrators" }));
  expect(door.asked().map(({ what }) => what)).toEqual([
    "POST /v1/search/ops/rebuilds",
    "POST /v1/search/rebuilds",
  ]);
  expect(signatures()).toEqual([expect.stringMatching(SIGNED), "Bearer an-administrators"]);
});
