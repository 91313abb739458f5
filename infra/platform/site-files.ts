import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

export interface SiteFile {
  key: string;
  path: string;
  contentType: string;
  cacheControl: string;
  /** A new one has the object uploaded again. */
  hash: string;
}

const types: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

/** The built web pages as objects, in the order of their keys; none where nothing was built. */
export function siteFiles(folder: URL): SiteFile[] {
  return keysOf(folder, "")
    .sort()
    .flatMap((key) => {
      const path = fileURLToPath(new URL(key, folder));
      const bytes = unlessGone(() => readFileSync(path));
      if (!bytes) return [];
      return {
        key,
        path,
        contentType: types[extname(key)] ?? "application/octet-stream",
        // What has its content's hash in its name never changes.
        cacheControl: key.startsWith("assets/")
          ? "public, max-age=31536000, immutable"
          : "no-cache",
        hash: createHash("sha256").update(bytes).digest("hex"),
      };
    });
}

function keysOf(folder: URL, prefix: string): string[] {
  const entries = unlessGone(() => readdirSync(folder, { withFileTypes: true })) ?? [];
  return entries.flatMap((entry) =>
    entry.isDirectory()
      ? keysOf(new URL(`${entry.name}/`, folder), `${prefix}${entry.name}/`)
      : [`${prefix}${entry.name}`],
  );
}

/** Somebody may build anew at this moment. */
function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
