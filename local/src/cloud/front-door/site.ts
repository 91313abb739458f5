import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, relative, sep } from "node:path";
import { sendJson, sendProblem } from "./respond.ts";

/** The web pages as they were built, or the reason why there are none. */
export type Site = { folder: string } | { missing: string };

interface Page {
  body: Buffer;
  headers: Record<string, string>;
}

const types: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
};

/** Addresses within the gallery, which its own router understands. */
const GALLERY = /^\/($|photos\/|admin\/|signed-in$)/;

/**
 * The web pages, kept in memory, and the settings that make the same files right here: `/config.json`.
 * A page may load from where pictures are and send to where they go, and nothing else.
 *
 * @param origins the front door's own, that of the CDN, which pictures come from, and of the object store, which they go to
 */
export function sitePages(site: Site, origins: { front: string; cdn: string; objects: string }) {
  const policy = [
    "default-src 'self'",
    `img-src 'self' blob: data: ${origins.cdn}`,
    `connect-src 'self' ${origins.objects} ${origins.cdn}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "object-src 'none'",
  ].join("; ");
  // By the name `localhost` the same pages have another origin, which the object store does not know.
  const otherName = new URL(origins.front).host.replace("127.0.0.1", "localhost");
  const pages = "folder" in site ? pagesOf(site.folder, policy) : new Map<string, Page>();
  const send = (request: IncomingMessage, response: ServerResponse, path: string) => {
    if ("missing" in site) {
      sendProblem(response, 503, "unavailable", site.missing);
      return;
    }
    if (request.headers.host === otherName) {
      response.writeHead(307, { Location: `${origins.front}${request.url}` }).end();
      return;
    }
    const page = pages.get(path) ?? pages.get(`${path}.html`) ?? inGallery(pages, path);
    if (!page) {
      sendProblem(response, 404, "not-found", `There is nothing at ${path}.`);
      return;
    }
    if (request.headers["if-none-match"] === page.headers.ETag) {
      response.writeHead(304, page.headers).end();
      return;
    }
    response.writeHead(200, page.headers).end(page.body);
  };
  return {
    send,
    config: (_: IncomingMessage, response: ServerResponse) => {
      response.setHeader("Cache-Control", "no-store");
      sendJson(response, 200, { signIn: "dev" });
    },
  };
}

function inGallery(pages: Map<string, Page>, path: string): Page | undefined {
  return GALLERY.test(path) ? pages.get("/index.html") : undefined;
}

function pagesOf(folder: string, policy: string): Map<string, Page> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    files
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const file = join(entry.parentPath, entry.name);
        const path = `/${relative(folder, file).split(sep).join("/")}`;
        return [path, pageOf(file, path, policy)];
      }),
  );
}

function pageOf(file: string, path: string, policy: string): Page {
  const body = readFileSync(file);
  const extension = extname(file);
  return {
    body,
    headers: {
      "Content-Type": types[extension] ?? "application/octet-stream",
      "X-Content-Type-Options": "nosniff",
      "Referrer-Policy": "same-origin",
      ETag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`,
      // What has its content's hash in its name never changes.
      "Cache-Control": path.startsWith("/assets/")
        ? "public, max-age=31536000, immutable"
        : "no-cache",
      ...(extension === ".html" && { "Content-Security-Policy": policy }),
    },
  };
}
