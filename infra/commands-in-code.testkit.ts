import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

const root = fileURLToPath(new URL("../", import.meta.url));

/**
 * For each entry point, the commands of the AWS SDK that are left in its code when all that can't be
 * reached from it is gone: what the function could call, whatever its program believes.
 */
export async function commandsInCode(entries: string[]): Promise<Map<string, Set<string>>> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir: "out",
    outbase: ".",
    bundle: true,
    write: false,
    platform: "node",
    target: "node24",
    format: "esm",
    plugins: [packagesStayOutside],
    logLevel: "error",
  });
  const code = new Map(outputFiles.map((file) => [file.path, file.text]));
  return new Map(
    entries.map((entry) => [
      entry,
      importedCommands(code.get(`${root}out/${entry.replace(/[.]ts$/, ".js")}`) ?? ""),
    ]),
  );
}

/** An import of a package is dropped when nothing of it is used, and keeps the names that are. */
const packagesStayOutside: Plugin = {
  name: "packages-stay-outside",
  setup(builder) {
    builder.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      path.startsWith("@shoebox/") || kind === "entry-point"
        ? undefined
        : { path, external: true, sideEffects: false },
    );
  },
};

function importedCommands(code: string): Set<string> {
  const names = [...code.matchAll(/import \{([^}]*)\} from "@aws-sdk\/[^"]*"/g)]
    .flatMap(([, list = ""]) => list.split(","))
    .map((name) => name.trim().split(/\s/)[0] ?? "");
  return new Set(names.filter((name) => name.endsWith("Command")));
}
