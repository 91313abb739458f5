import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { signIn } from "../client.ts";
import { beginInParts, largeFile, sendParts } from "../parts.ts";
import { generatedPictures } from "../pictures.ts";
import { blocksOf, filesOf } from "./blocks.ts";

const page = await readFile(new URL("../../docs/uploading.md", import.meta.url), "utf8");
const blocks = blocksOf(page);
const shell = blocks.filter(({ language }) => language === "sh");
const missing = ["bash", "curl", "jq", "sha256sum"].find(
  (program) => spawnSync(program, ["--version"]).error,
);

/** Bytes: too many for a form. */
const SIZE = 105 * 1024 ** 2;
const url = inject("url");
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "shoebox-walkthrough-"));
  const [picture] = await generatedPictures();
  const bytes = picture?.bytes ?? Buffer.alloc(0);
  await writeFile(join(folder, "harbour.jpg"), bytes);
  const large = await open(join(folder, "panorama.jpg"), "w");
  const step = 16 * 1024 ** 2;
  const file = largeFile(bytes, SIZE);
  for (let from = 0; from < SIZE; from += step) await large.write(file.slice(from, from + step));
  await large.close();
  for (const [name, code] of filesOf(blocks)) await writeFile(join(folder, name), code);
});
afterAll(() => rm(folder, { recursive: true }));

describe.skipIf(missing)(`the page's commands (${missing ?? "all programs"} there)`, () => {
  it("print one after the other what the page says", async () => {
    const mark = (index: number) => `echo '==${index}'`;
    const script = shell.flatMap(({ code }, index) => [mark(index), code]).join("\n");
    const { stdout } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", script], {
      cwd: folder,
      env: { PATH: process.env.PATH, API: url },
    });
    const printed = stdout.split(/^==\d+\n/m).slice(1);
    expect(printed).toHaveLength(shell.length);
    for (const [index, { code, prints }] of shell.entries()) {
      expect([code, printed[index]?.split("\n").filter(Boolean)]).toEqual([code, prints]);
    }
  });
});

describe("the page's upload in parts", () => {
  interface Options {
    api: string;
    token: string;
    contentType?: string;
    imageId?: string;
    leavePartsOnError?: boolean;
    abortController?: AbortController;
    onProgress?: (progress: { part: number; of: number }) => void;
  }
  type Failure = Error & { imageId: string };
  let upload: (blob: Blob, options: Options) => Promise<{ imageId: string; status: string }>;
  let panorama: Blob;
  beforeAll(async () => {
    ({ upload } = await import(pathToFileURL(join(folder, "upload.mjs")).href));
    const { openAsBlob } = await import("node:fs");
    panorama = await openAsBlob(join(folder, "panorama.jpg"));
  });

  async function interrupted(leavePartsOnError: boolean) {
    const user = await signIn(url);
    const abortController = new AbortController();
    const own = { api: url, token: user.token };
    const failure = await upload(panorama, {
      ...own,
      contentType: "image/jpeg",
      leavePartsOnError,
      abortController,
      onProgress: () => abortController.abort(new Error("enough")),
    }).then(undefined, (error: Failure) => error);
    const { imageId } = failure as Failure;
    return { user, own, imageId, cause: (failure as Failure).cause };
  }

  it("deletes what was sent when it is called off", async () => {
    const { user, imageId, cause } = await interrupted(false);
    expect(cause).toEqual(new Error("enough"));
    const { body } = await user.get(`/v1/uploads/${imageId}`);
    expect(body).toMatchObject({ status: "aborted" });
  });

  it("leaves the parts when it is told to, and goes on with them alone", async () => {
    const { user, own, imageId } = await interrupted(true);
    const path = `/v1/uploads/${imageId}/parts`;
    const { parts } = (await user.get<{ parts: { partNumber: number }[] }>(path)).body;
    const numbers = parts.map(({ partNumber }) => partNumber);
    expect(numbers.length).toBeGreaterThan(0);
    const sent: number[] = [];
    const end = await upload(panorama, { ...own, imageId, onProgress: (p) => sent.push(p.part) });
    expect(end).toMatchObject({ imageId, status: "uploaded" });
    // Parts that were on their way when it was called off may have arrived after the list was read: so not "all others".
    expect(sent.filter((part) => numbers.includes(part))).toEqual([]);
  });

  it("goes on with what another client has begun", async () => {
    const user = await signIn(url);
    const begun = await beginInParts(user, { contentType: "image/jpeg", size: SIZE });
    const [picture] = await generatedPictures();
    await sendParts(user, begun, largeFile(picture?.bytes ?? Buffer.alloc(0), SIZE), [2, 7]);
    const { imageId } = begun;
    const { status } = await upload(panorama, { api: url, token: user.token, imageId });
    expect(status).toBe("uploaded");
  });

  it("fails with the service's own words, and begins nothing, when it is refused", async () => {
    const { token } = await signIn(url);
    const refused = upload(panorama, { api: url, token, contentType: "image/gif" });
    await expect(refused).rejects.toThrow(/415 .*Pictures can be JPEG, PNG or WebP/);
  });
});
