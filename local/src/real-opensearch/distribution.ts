import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installOnce } from "../java/install.ts";
import { copyLibrary, unpackArchive } from "../java/maven.ts";

/** The release that the platform's domain runs, too. */
export const VERSION = "2.19.1";
const SERVER = `org.opensearch.distribution.integ-test-zip:opensearch:${VERSION}:zip`;

/**
 * The published server has no modules but the network's. The others are published as libraries, without the descriptor
 * that makes a module of them. These are the ones that search needs: analysis beyond the basics, and deleting by query.
 */
const MODULES = [
  {
    name: "analysis-common",
    library: `org.opensearch.plugin:analysis-common:${VERSION}`,
    classname: "org.opensearch.analysis.common.CommonAnalysisPlugin",
  },
  {
    name: "reindex",
    library: `org.opensearch.plugin:reindex-client:${VERSION}`,
    classname: "org.opensearch.index.reindex.ReindexPlugin",
  },
];

/**
 * The folder of an unpacked OpenSearch, which is only read from then on.
 *
 * @throws Refusal when Maven can't get it
 */
export function installOpenSearch(onStep: (step: string) => void): Promise<string> {
  return installOnce(`opensearch-${VERSION}`, async (workDir) => {
    onStep(`getting OpenSearch ${VERSION} through Maven (50 MB, the first time only)`);
    const unpacked = join(workDir, "unpacked");
    await unpackArchive(SERVER, unpacked, workDir);
    const server = join(unpacked, `opensearch-${VERSION}`);
    for (const module of MODULES) {
      onStep(`adding its module ${module.name}`);
      await addModule(module, server, workDir);
    }
    return server;
  });
}

async function addModule(
  module: (typeof MODULES)[number],
  server: string,
  workDir: string,
): Promise<void> {
  const folder = join(server, "modules", module.name);
  await copyLibrary(module.library, folder, workDir);
  // OpenSearch refuses a module that brings what the server has.
  const ofServer = new Set(readdirSync(join(server, "lib")));
  for (const file of readdirSync(folder)) {
    if (ofServer.has(file)) rmSync(join(folder, file));
  }
  const descriptor = {
    name: module.name,
    description: module.name,
    classname: module.classname,
    version: VERSION,
    "opensearch.version": VERSION,
    "java.version": "11",
  };
  const lines = Object.entries(descriptor).map(([key, value]) => `${key}=${value}\n`);
  writeFileSync(join(folder, "plugin-descriptor.properties"), lines.join(""));
}
