import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { signIn } from "../client.ts";

const root = join(import.meta.dirname, "../..");
const installed = (name: string) => join(root, "node_modules", name);
let project: string;

/** A project of somebody else's, with the package as it is packed. */
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "shoebox-package-"));
  const modules = join(project, "node_modules");
  mkdirSync(join(modules, "@shoebox"), { recursive: true });
  const pack = join(root, "clients/typescript/pack.ts");
  execFileSync(process.execPath, [pack, join(modules, "@shoebox/client")]);
  for (const name of ["openapi-fetch", "openapi-typescript-helpers"]) {
    symlinkSync(installed(name), join(modules, name));
  }
  writeFileSync(join(project, "package.json"), '{ "type": "module" }');
});
afterAll(() => rmSync(project, { recursive: true }));

describe("the package, as others install it", () => {
  it("runs in Node as plain JavaScript", async () => {
    const url = inject("url");
    const { token } = await signIn(url);
    writeFileSync(
      join(project, "main.mjs"),
      `import { createClient, uploadImage, waitUntilReady, RejectedError } from "@shoebox/client";
       const client = createClient(${JSON.stringify({ url, token })});
       const file = new Blob(["GIF89a, and not a PNG"]);
       const { imageId } = await uploadImage(client, file, { contentType: "image/png" });
       const error = await waitUntilReady(client, imageId).catch((thrown) => thrown);
       console.log(error instanceof RejectedError, error.reason.code);`,
    );
    const said = execFileSync(process.execPath, ["--no-strip-types", "main.mjs"], {
      cwd: project,
      encoding: "utf8",
    });
    expect(said).toBe("true type-mismatch\n");
  });

  it("has types that a strict project takes, and that refuse what the API would refuse", () => {
    writeFileSync(
      join(project, "typed.ts"),
      `import { createClient, type Image, listImages } from "@shoebox/client";
       const client = createClient({ url: "" });
       for await (const image of listImages(client, { order: "oldest" })) {
         const { tags }: Image = image;
         tags.map((tag) => tag.length);
       }
       // @ts-expect-error There is no such order.
       listImages(client, { order: "best" });`,
    );
    const compilerOptions = {
      ...{ strict: true, noEmit: true, module: "nodenext", target: "es2022", types: [] },
      lib: ["es2022", "dom", "dom.iterable", "dom.asynciterable"],
    };
    const settings = { compilerOptions, files: ["typed.ts"] };
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify(settings));
    const { stdout } = spawnSync(process.execPath, [installed("typescript/bin/tsc")], {
      cwd: project,
      encoding: "utf8",
    });
    expect(stdout).toBe("");
  });

  it("leaves out of a page's bundle what the page does not use", async () => {
    const bundled = async (contents: string) => {
      const { outputFiles } = await build({
        stdin: { contents, resolveDir: project },
        bundle: true,
        minify: true,
        write: false,
        format: "esm",
      });
      return outputFiles[0]?.text ?? "";
    };
    const all = await bundled('export * from "@shoebox/client";');
    const lists = await bundled('export { createClient, listImages } from "@shoebox/client";');
    expect(all).not.toContain("node:");
    expect(all).toContain("multipart/form-data");
    expect(lists).not.toContain("multipart/form-data");
    expect(gzipSync(all).length).toBeLessThan(10_000);
  });
});
