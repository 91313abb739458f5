import { rm } from "node:fs/promises";
import { build, type Plugin } from "esbuild";
import { type LambdaFunction, root } from "./functions.ts";

/** What can't be part of a bundle because it brings native code. */
const NATIVE = ["sharp"];

export interface Bundle {
  /** The native packages that the code imports; they have to lie beside it. */
  native: string[];
  /** Bytes of the bundle that each package contributes; "own" is ours. */
  bytesByPackage: Map<string, number>;
}

/**
 * Bundles one function into `<folder>/index.mjs`, from nothing: what an earlier build left is gone.
 * The AWS SDK is part of it, in the version of the lock file: the runtime's own is another one
 * tomorrow, and slower to import.
 */
export async function bundle(fn: LambdaFunction): Promise<Bundle> {
  await rm(`${root}${fn.folder}`, { recursive: true, force: true });
  const result = await build({
    absWorkingDir: root,
    entryPoints: [fn.entry],
    outfile: `${fn.folder}/index.mjs`,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    mainFields: ["module", "main"],
    minify: true,
    // Names of classes and functions are in logs and errors.
    keepNames: true,
    legalComments: "none",
    sourcemap: true,
    sourcesContent: false,
    external: NATIVE,
    plugins: [withoutLocales, withoutCallers],
    // Packages in CommonJS call `require` for Node's own modules; an ES module has none.
    banner: {
      js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);',
    },
    metafile: true,
    logLevel: "warning",
  });
  const output = Object.values(result.metafile.outputs).find((item) => item.entryPoint);
  return {
    native: (output?.imports ?? [])
      .map((item) => item.path)
      .filter((path) => NATIVE.includes(path)),
    bytesByPackage: byPackage(output?.inputs ?? {}),
  };
}

/** zod brings its messages in fifty languages, half of a function's code; ours are English. */
const withoutLocales: Plugin = {
  name: "without-locales",
  setup(builder) {
    builder.onLoad({ filter: /zod[/]v4[/]locales[/][^/]+[.]js$/ }, ({ path }) =>
      /[/](en|index)[.]js$/.test(path) ? undefined : { contents: "export default () => ({});" },
    );
  },
};

/**
 * pino looks who called it, for the sake of transports, which we have none of. Where source maps are
 * enabled, as they are in our functions, that alone has the bundle's whole map parsed: a third of the
 * processor time of a cold start.
 */
const withoutCallers: Plugin = {
  name: "without-callers",
  setup(builder) {
    builder.onLoad({ filter: /[/]pino[/]lib[/]caller[.]js$/ }, () => ({
      contents: "module.exports = () => [];",
    }));
  },
};

function byPackage(inputs: Record<string, { bytesInOutput: number }>): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    const name = /.*node_modules[/]((@[^/]+[/])?[^/]+)/.exec(path)?.[1] ?? "own";
    sums.set(name, (sums.get(name) ?? 0) + bytesInOutput);
  }
  return sums;
}
