import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { signIn } from "../client.ts";
import { eventually } from "../eventually.ts";
import { generatedPictures, smallPicture } from "../pictures.ts";
import { commandLine } from "./command-line.ts";
import { writeLargeFile } from "./large-file.ts";

interface Line {
  imageId: string;
  path: string;
  status: string;
  error?: string;
  tags?: string[];
  fileName?: string;
}

const url = inject("url");
const name = `cli-${crypto.randomUUID()}`;
let home: string;
let shoebox: ReturnType<typeof commandLine>;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "shoebox-cli-"));
  shoebox = commandLine(home, url);
  expect(await shoebox.run("login", "--user", name)).toMatchObject({
    code: 0,
  });
});
afterAll(() => rm(home, { recursive: true }));

/** The id of a new picture, a file of its own beside it. */
async function uploaded(name: string, hue: number): Promise<{ imageId: string; bytes: Buffer }> {
  const bytes = await smallPicture(hue);
  await writeFile(join(home, name), bytes);
  const [line] = await shoebox.json<Line>("upload", name, "--wait");
  return { imageId: line?.imageId ?? "", bytes };
}

describe("shoebox", () => {
  it("keeps the login in a file for its owner alone, and says where it is and what is used", async () => {
    expect((await stat(join(home, "config/shoebox/config.json"))).mode & 0o777).toBe(0o600);
    expect(await shoebox.run("status")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(url),
    });
    const other = commandLine(join(home, "nobody"), url);
    await mkdir(join(home, "nobody"));
    expect(await other.run("ls")).toEqual({
      code: 3,
      signal: null,
      stdout: "",
      stderr: `Not logged in at ${url}: shoebox login --url ${url}.\n`,
    });
    const pasted = other.start(["login"], { input: "no-token\n" });
    expect(await pasted.ended).toMatchObject({ code: 3, stdout: "" });
    expect(await other.run("status")).toMatchObject({ code: 3 });
  });

  it("uploads a folder, says of each file what became of it, and sends none twice", async () => {
    const folder = join(home, "pictures");
    await mkdir(join(folder, "sub"), { recursive: true });
    const pictures = (await generatedPictures()).slice(-3);
    for (const { name, bytes } of pictures) await writeFile(join(folder, "sub", name), bytes);
    const first = await shoebox.run("upload", folder, "--tag", "holiday", "--wait");
    expect(first).toMatchObject({ code: 1, stderr: "2 pictures uploaded, 1 failed.\n" });
    expect(first.stdout).toMatch(/^✓ .*stamp\.png {2}[0-9a-f-]{36} {2}/m);
    expect(first.stdout).toMatch(/^✗ .*damaged\.jpg: Rejected \(undecodable\): /m);
    const again = await shoebox.json<Line>(
      "upload",
      `${folder}/**/*.png`,
      `${folder}/sub/dusk.webp`,
    );
    expect(again.map(({ status }) => status)).toEqual(["duplicate", "duplicate"]);
    const listed = await shoebox.json<Line>("ls", "--tag", "holiday");
    expect(listed.map(({ fileName, status }) => `${fileName} ${status}`).sort()).toEqual([
      "damaged.jpg rejected",
      "dusk.webp ready",
      "stamp.png ready",
    ]);
    expect(await shoebox.json("ls", "--limit", "1")).toHaveLength(1);
  });

  it("tags, finds, shows and deletes, and tells what is not there by its exit code", async () => {
    const { imageId } = await uploaded("one.jpg", 101);
    expect(
      await shoebox.run("tag", imageId, "--add", "sea,evening", "--remove", "none"),
    ).toMatchObject({ code: 0 });
    const found = await eventually(
      () => shoebox.json<Line>("search", "--tag", "evening"),
      (items) => items.length === 1,
    );
    expect(found).toMatchObject([{ imageId, tags: ["sea", "evening"] }]);
    expect((await shoebox.run("show", imageId)).stdout).toContain("tags        sea, evening");
    expect(await shoebox.run("rm", imageId)).toMatchObject({
      code: 2,
      stderr: "There is nobody to ask whether to delete: --yes does it.\n",
    });
    expect(await shoebox.run("rm", "--yes", imageId)).toMatchObject({ code: 0 });
    expect(await shoebox.run("show", imageId)).toMatchObject({
      code: 4,
      stderr: "There is no such image.\n",
    });
  });

  it("downloads the original and renditions, and overwrites nothing unless it is told to", async () => {
    const { imageId, bytes } = await uploaded("two.jpg", 102);
    await mkdir(join(home, "out"));
    const fetched = await shoebox.json<Line>("download", imageId, "-o", "out");
    expect(fetched).toMatchObject([{ path: "out/two.jpg", size: bytes.length }]);
    expect(await readFile(join(home, "out/two.jpg"))).toEqual(bytes);
    await writeFile(join(home, "out/two.jpg"), "mine");
    expect(await shoebox.run("download", imageId, "-o", "out")).toMatchObject({
      code: 1,
      stderr: "out/two.jpg is there already: --force overwrites it.\n",
    });
    expect(await readFile(join(home, "out/two.jpg"), "utf8")).toBe("mine");
    await shoebox.run("download", imageId, "-o", "out", "--force");
    expect(await readFile(join(home, "out/two.jpg"))).toEqual(bytes);
    const [thumb] = await shoebox.json<Line>("download", imageId, "-o", "out", "-r", "thumb");
    expect(thumb?.path).toBe("out/two-thumb.webp");
    const piped = await shoebox.run("download", imageId, "-r", "small", "-o", "-");
    expect(piped.stdout.slice(0, 4)).toBe("RIFF");
  });

  it.each([
    [2, "unknown command 'lss' (Did you mean ls?)", ["lss"]],
    [2, "unknown option '--tga' (Did you mean --tag?)", ["ls", "--tga", "x"]],
    [2, "missing required argument 'path'", ["upload"]],
    [2, "There is no file or folder nothing.jpg.", ["upload", "nothing.jpg"]],
    [
      2,
      "ftp://x is no address of a Shoebox: it begins with https:// or http://.",
      ["ls", "--url", "ftp://x"],
    ],
    [1, "q takes no wildcards: leave `*` and `?` out.", ["search", "a*"]],
  ])("ends with %i and one clear sentence: %s", async (code, sentence, args) => {
    expect(await shoebox.run(...args)).toEqual({
      code,
      signal: null,
      stdout: "",
      stderr: `${sentence}\n`,
    });
  });

  it("says that nobody answers, to a program as JSON", async () => {
    const env = { SHOEBOX_TOKEN: "t", SHOEBOX_URL: "http://127.0.0.1:1" };
    const { code, stderr } = await shoebox.start(["--json", "ls"], { env }).ended;
    expect(code).toBe(5);
    expect(JSON.parse(stderr)).toMatchObject({ code: "no-answer" });
  });

  it("watches a folder: what is there, what comes, and not what it has sent; Ctrl-C ends it well", async () => {
    const folder = join(home, "camera");
    await mkdir(folder);
    await writeFile(join(folder, "a.jpg"), await smallPicture(103));
    const { child, ended } = shoebox.start(["--json", "watch", folder, "--interval", "1"]);
    const lines: string[] = [];
    child.stdout.on("data", (chunk) => lines.push(...String(chunk).split("\n").filter(Boolean)));
    await eventually(
      () => lines.length,
      (count) => count === 1,
    );
    await writeFile(join(folder, "b.jpg"), await smallPicture(104));
    await eventually(
      () => lines.length,
      (count) => count === 2,
    );
    child.kill("SIGINT");
    expect(await ended).toMatchObject({ code: 0, stderr: "" });
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { path: join(folder, "a.jpg"), status: "uploaded" },
      { path: join(folder, "b.jpg"), status: "uploaded" },
    ]);
  });
});

describe("a large upload", () => {
  const size = 180 * 1024 ** 2;
  /** Of 16 MiB each. */
  const PARTS = 12;
  beforeAll(() => writeLargeFile(join(home, "large.jpg"), size, 105));

  /** The upload that the program has noted to go on with. */
  const noted = async (): Promise<string | undefined> => {
    const folder = join(home, "state/shoebox/uploads");
    const [note] = await readdir(folder).catch(() => []);
    if (!note) return undefined;
    const text = await readFile(join(folder, note), "utf8");
    return text === "" ? undefined : (JSON.parse(text) as { imageId: string }).imageId;
  };

  const partsOf = async (imageId: string): Promise<number> => {
    const user = await signIn(url, name);
    const { body } = await user.get<{ parts?: unknown[] }>(`/v1/uploads/${imageId}/parts`);
    return body.parts?.length ?? 0;
  };

  /**
   * Lets the program run in short steps until some of the parts are there, and not all; it stands still then. One
   * that a busy machine let come to its end is begun again.
   */
  async function inTheMiddle() {
    for (;;) {
      const { child, ended } = shoebox.start(["upload", "large.jpg", "--again"]);
      const { imageId, parts } = await eventually(
        async () => {
          child.kill("SIGCONT");
          // Until it sends there is nothing to miss.
          const step = (await noted()) === undefined ? 250 : 50;
          await new Promise((resolve) => setTimeout(resolve, step));
          child.kill("SIGSTOP");
          const imageId = await noted();
          return { imageId, parts: imageId === undefined ? 0 : await partsOf(imageId) };
        },
        ({ parts }) => parts > 0 || child.exitCode !== null,
        90_000,
      );
      if (imageId !== undefined && parts > 0 && parts < PARTS && child.exitCode === null) {
        return { imageId, parts, child, ended };
      }
      child.kill("SIGKILL");
      await ended;
    }
  }

  it("that was interrupted, and killed with kill -9, goes on where it was", async () => {
    const first = await inTheMiddle();
    first.child.kill("SIGINT");
    first.child.kill("SIGCONT");
    expect(await first.ended).toEqual({
      code: 130,
      signal: null,
      stdout: "",
      stderr: "Interrupted: run the same command again, and it goes on where it was.\n",
    });

    const second = await inTheMiddle();
    expect(second.imageId).toBe(first.imageId);
    second.child.kill("SIGKILL");
    expect(await second.ended).toMatchObject({ signal: "SIGKILL" });

    const [line] = await shoebox.json<Line>("upload", "large.jpg", "--wait");
    expect(line).toMatchObject({ imageId: first.imageId, status: "ready" });
    expect(await noted()).toBeUndefined();
  });
});
