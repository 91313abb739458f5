import { cp, rm } from "node:fs/promises";
import { parseArgs, styleText } from "node:util";
import { builtSite } from "@shoebox/web/built-site";
import { type Bundle, bundle } from "./bundle.ts";
import { findFunctions, type LambdaFunction, root } from "./functions.ts";
import { installNative } from "./native-packages.ts";
import { type Size, sizeOf } from "./size.ts";

/**
 * `npm run build [-- SERVICE[/FUNCTION]…|web]`: one deployable folder a function, which the Pulumi
 * programs name as its code and `npm start -- --bundles` runs, and the web pages in `web/dist`.
 * `--json` prints the sizes for tools.
 */

interface Built extends Size {
  function: string;
  largest: { package: string; bytes: number }[];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false } },
});
const wanted = findFunctions().filter(
  ({ service, name }) =>
    positionals.length === 0 ||
    positionals.some((item) => item === service || item === `${service}/${name}`),
);
const web = positionals.length === 0 || positionals.includes("web");
if (wanted.length === 0 && !web) {
  process.stderr.write(`There is no function ${positionals.join(", ")}.\n`);
  process.exit(2);
}

const started = performance.now();
if (web) await makeWeb();
const all: Built[] = [];
for (const fn of wanted) {
  const built = await make(fn);
  all.push(built);
  if (!values.json) say(line(built));
}
if (values.json) say(JSON.stringify(all));
else
  say(styleText("dim", `in dist/, after ${((performance.now() - started) / 1000).toFixed(1)} s`));

async function makeWeb(): Promise<void> {
  const folder = `${root}web/dist`;
  const built = await builtSite("deployed");
  await rm(folder, { recursive: true, force: true });
  await cp(built, folder, { recursive: true });
  if (!values.json) say(`${"web pages".padEnd(30)}in web/dist/`);
}

async function make(fn: LambdaFunction): Promise<Built> {
  const made: Bundle = await bundle(fn);
  if (made.native.length > 0) await installNative(fn, made.native);
  const largest = [...made.bytesByPackage]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([name, bytes]) => ({ package: name, bytes }));
  return {
    function: `${fn.service}/${fn.name}`,
    ...(await sizeOf(`${root}${fn.folder}`)),
    largest: [...largest, ...made.native.map((name) => ({ package: name, bytes: 0 }))],
  };
}

function line({ function: name, unpacked, zipped, largest }: Built): string {
  const parts = largest.map((item) =>
    item.bytes > 0 ? `${item.package} ${kb(item.bytes)}` : item.package,
  );
  return `${name.padEnd(30)}${kb(zipped).padStart(10)} zipped${kb(unpacked).padStart(11)}   ${styleText("dim", parts.join(", "))}`;
}

function kb(bytes: number): string {
  return `${Math.round(bytes / 1024).toLocaleString("en")} KB`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
