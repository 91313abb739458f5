import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * Makes the package as others install it: JavaScript and types in `dist/client`, ready for `npm publish` or `npm pack`.
 * Another folder can be named.
 */

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const folder = process.argv[2] ?? here("../../dist/client");

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const compiler = here("../../node_modules/typescript/bin/tsc");
const { status } = spawnSync(
  process.execPath,
  [compiler, "--project", here("tsconfig.pack.json"), "--outDir", folder],
  { stdio: "inherit" },
);
if (status !== 0) process.exit(1);

const source = JSON.parse(readFileSync(here("package.json"), "utf8"));
const { name, version, description, license, type, sideEffects, dependencies } = source;
const manifest = {
  ...{ name, version, description, license, type, sideEffects },
  engines: { node: ">=20.3" },
  exports: { ".": { types: "./index.d.ts", default: "./index.js" } },
  imports: { "#platform": { node: "./platform-node.js", default: "./platform-web.js" } },
  dependencies,
};
writeFileSync(`${folder}/package.json`, `${JSON.stringify(manifest, undefined, 2)}\n`);
cpSync(here("README.md"), `${folder}/README.md`);
cpSync(here("../../LICENSE"), `${folder}/LICENSE`);
