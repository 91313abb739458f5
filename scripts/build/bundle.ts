import { readFile, rm } from "node:fs/promises";
import { builtinModules } from "node:module";
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
    minifyWhitespace: true,
    minifySyntax: true,
    // Names of classes and functions are in logs and errors, so they stay as they are. Shorter ones that
    // remember the old (keepNames) cost every closure of the SDK a call as it is made.
    minifyIdentifiers: false,
    legalComments: "none",
    sourcemap: true,
    sourcesContent: false,
    external: NATIVE,
    plugins: [withoutLocales, withoutCallers, withoutForeignMaps, builtinsAsTheyAre],
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

/**
 * Where source maps are enabled Node parses the whole map as it loads the bundle. The lines of packages, which are
 * nearly all of it, are left out: an error names file and line of our own code, and the bundle's line of a package's.
 */
const withoutForeignMaps: Plugin = {
  name: "without-foreign-maps",
  setup(builder) {
    const map = { version: 3, sources: [""], mappings: "AAAA" };
    const url = `data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString("base64")}`;
    builder.onLoad({ filter: /[/]node_modules[/].*[.][cm]?js$/ }, async ({ path }) => ({
      contents: `${await readFile(path, "utf8")}\n//# sourceMappingURL=${url}`,
    }));
  },
};

/**
 * An `import` of one of Node's own modules reads all that it exports, and so loads what Node leaves for when it is
 * wanted: with `node:http` the whole of `fetch`, with `node:fs` its streams, with `node:crypto` the web's. Who asks
 * for the module itself does not: a tenth of the cold start of functions that never use them.
 */
const builtinsAsTheyAre: Plugin = {
  name: "builtins-as-they-are",
  setup(builder) {
    const names = builtinModules.map((name) => name.replaceAll("/", "[/]")).join("|");
    builder.onResolve({ filter: new RegExp(`^(node:)?(${names})$`) }, ({ path }) => ({
      path: path.replace(/^node:/, ""),
      namespace: "builtin",
    }));
    builder.onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule("node:${path}");`,
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
