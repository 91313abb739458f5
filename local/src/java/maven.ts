import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { Refusal } from "../cloud/refusal.ts";

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/**
 * Unpacks an archive, named `group:artifact:version:zip`, into a folder.
 *
 * @param workDir where Maven may leave its own marks
 * @throws Refusal when Maven is missing or can't get it
 */
export function unpackArchive(artifact: string, folder: string, workDir: string): Promise<void> {
  const flags = [`-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`];
  return maven(["dependency:unpack", ...flags], artifact, workDir);
}

/**
 * Copies a library, named `group:artifact:version`, and all that it needs to run into a folder.
 *
 * @param workDir where Maven may leave its own marks
 * @throws Refusal when Maven is missing or can't get it
 */
export function copyLibrary(artifact: string, folder: string, workDir: string): Promise<void> {
  const [group, name, version] = artifact.split(":");
  const project = join(workDir, "pom.xml");
  writeFileSync(
    project,
    `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>shoebox</groupId><artifactId>engine</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>
  </dependencies>
</project>
`,
  );
  const flags = [`--file=${project}`, `-DoutputDirectory=${folder}`, "-DincludeScope=runtime"];
  return maven(["dependency:copy-dependencies", ...flags], artifact, workDir);
}

/** Quietly, with this machine's own settings: mirrors, proxies, local repository. */
async function maven(args: string[], artifact: string, cwd: string): Promise<void> {
  try {
    await run("mvn", ["--batch-mode", "--quiet", ...args], { cwd, maxBuffer: MAX_OUTPUT_BYTES });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      throw new Refusal(
        "This gets its programs through Maven and there is none (looked for mvn); install it, such as the package maven.",
      );
    }
    const { stdout = "" } = error as { stdout?: string };
    throw new Refusal(`Maven can't get ${artifact}: ${firstError(stdout)}`);
  }
}

/** The first thing Maven complains of; the rest explains how to ask Maven for more. */
export function firstError(output: string): string {
  const line = output.split("\n").find((text) => text.includes("[ERROR]"));
  const error = line?.replace(/^.*?\[ERROR\]\s*/, "").trim();
  return error || "it does not say why; run mvn by hand.";
}
