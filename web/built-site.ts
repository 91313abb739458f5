import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const cache = join(root, "node_modules", ".cache", "shoebox", "web");

/** What the built site is made of; all of it is small. */
const SOURCES = ["web", "clients/typescript", "package-lock.json"];
const NO_SOURCES = /(^|\/)(node_modules|dist)(\/|$)|[.]test[.]tsx?$|[.]md$/;
/** Built sites that are kept, so that going back and forth between branches builds nothing. */
const KEPT = 8;

/** A local system has pages that what is deployed has not: they show what only it can tell. */
export type SiteKind = "local" | "deployed";

/**
 * The folder of the built web pages. They are built when no site of these very sources is there
 * yet, in a process of its own: who finds it built never loads the bundler. Several may do so at the
 * same time; each builds into a folder of its own, and the first one there stays.
 *
 * @param onBuild told once, before a build begins
 * @throws Error with what the bundler said
 */
export async function builtSite(
  kind: SiteKind,
  onBuild: () => void = () => undefined,
): Promise<string> {
  const folder = join(cache, `${hashOfSources()}-${kind}`);
  if (existsSync(folder)) return folder;
  onBuild();
  await mkdir(cache, { recursive: true });
  const unfinished = join(cache, `unfinished-${process.pid}-${Date.now()}`);
  try {
    await build(kind, unfinished);
    await rename(unfinished, folder).catch((error: unknown) => {
      // Another one was faster.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  await forgetOld(folder);
  return folder;
}

async function build(kind: SiteKind, outDir: string): Promise<void> {
  const vite = fileURLToPath(new URL("./bin/vite.js", import.meta.resolve("vite/package.json")));
  const args = [
    ...[vite, "build", "--outDir", outDir, "--emptyOutDir", "--logLevel", "warn"],
    ...["--mode", kind === "local" ? "local-system" : "production"],
  ];
  const child = spawn(process.execPath, args, {
    cwd: join(root, "web"),
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  const [code, said, wrong] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new Error(`The web pages can't be built: ${`${wrong}${said}`.trim()}`);
}

function hashOfSources(): string {
  const hash = createHash("sha256");
  for (const file of SOURCES.flatMap((source) => filesOf(join(root, source)))) {
    const bytes = readFileSync(file);
    hash.update(`${relative(root, file)}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex").slice(0, 32);
}

function filesOf(path: string): string[] {
  if (NO_SOURCES.test(relative(root, path))) return [];
  const kind = statSync(path, { throwIfNoEntry: false });
  if (!kind?.isDirectory()) return kind ? [path] : [];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesOf(join(path, name)));
}

async function forgetOld(current: string): Promise<void> {
  const others = readdirSync(cache)
    .filter((name) => !name.startsWith("unfinished-"))
    .map((name) => join(cache, name))
    .filter((folder) => folder !== current);
  const dated = await Promise.all(
    others.map(async (folder) => ({ folder, at: (await stat(folder)).mtimeMs })),
  );
  const old = dated.sort((a, b) => b.at - a.at).slice(KEPT - 1);
  await Promise.all(old.map(({ folder }) => rm(folder, { recursive: true, force: true })));
}
