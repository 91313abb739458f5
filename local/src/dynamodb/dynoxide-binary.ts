import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * Path of the dynoxide executable for this platform. npm installs it as an optional dependency, so it can be
 * absent without an error at installation; then this throws one sentence naming the package that is missing.
 */
export function dynoxideBinary(
  platform: string = process.platform,
  arch: string = process.arch,
): string {
  const name = `@dynoxide/${platform}-${arch}`;
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    const file = join(folder, platform === "win32" ? "dynoxide.exe" : "dynoxide");
    if (existsSync(file)) return file;
  } catch (cause) {
    throw missing(platform, arch, name, cause);
  }
  throw missing(platform, arch, name);
}

function missing(platform: string, arch: string, name: string, cause?: unknown): Error {
  return new Error(
    `The local DynamoDB has no program for ${platform}-${arch}: the package ${name} is not installed here.`,
    { cause },
  );
}
