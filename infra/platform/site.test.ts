import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { siteFiles } from "./site-files.ts";
import { rewritePath } from "./site-paths.ts";

const folder = mkdtempSync(join(tmpdir(), "site-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("an address of the web pages", () => {
  it.each([
    ["/", "/index.html"],
    ["/photos/019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55", "/index.html"],
    ["/admin/rebuilds", "/index.html"],
    ["/signed-in", "/index.html"],
    ["/events", "/events.html"],
    ["/config.json", "/config.json"],
    ["/assets/main-Ab12.js", "/assets/main-Ab12.js"],
    ["/photos", "/photos.html"],
    ["/nothing/", "/nothing/"],
  ])("%s is %s", (uri, object) => {
    expect(rewritePath(uri)).toBe(object);
  });

  it("is told by a function that needs nothing but itself, which is how CloudFront runs it", () => {
    const alone = new Function(`${rewritePath.toString()}; return rewritePath("/admin/x");`);
    expect(alone()).toBe("/index.html");
  });
});

describe("the built pages", () => {
  it("are objects that browsers keep for good by their hashed names, and ask about otherwise", () => {
    mkdirSync(join(folder, "assets"));
    writeFileSync(join(folder, "assets", "main-Ab12.js"), "1");
    writeFileSync(join(folder, "index.html"), "2");
    writeFileSync(join(folder, "data.bin"), "3");
    expect(siteFiles(pathToFileURL(`${folder}/`))).toMatchObject([
      {
        key: "assets/main-Ab12.js",
        contentType: "text/javascript; charset=utf-8",
        cacheControl: "public, max-age=31536000, immutable",
      },
      { key: "data.bin", contentType: "application/octet-stream", cacheControl: "no-cache" },
      { key: "index.html", contentType: "text/html; charset=utf-8", cacheControl: "no-cache" },
    ]);
  });

  it("are none where nothing was built", () => {
    expect(siteFiles(pathToFileURL(join(folder, "missing/")))).toEqual([]);
  });
});
