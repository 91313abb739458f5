import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { Refusal } from "../cloud/refusal.ts";

const run = promisify(execFile);

/** What OpenSearch 2.19 runs on: since 24, Java has no security manager, which it asks for. */
const OLDEST = 17;
const NEWEST = 23;

export interface Java {
  /** The folder with `bin/java` in it. */
  home: string;
  version: number;
}

/**
 * The Java of JAVA_HOME, or else the one on the PATH.
 *
 * @throws Refusal when there is none, or one that the engines do not run on
 */
export async function findJava(javaHome = process.env.JAVA_HOME): Promise<Java> {
  const program = javaHome ? join(javaHome, "bin", "java") : "java";
  const java = readProperties(await properties(program));
  if (java.version < OLDEST || java.version > NEWEST) {
    throw new Refusal(
      `This needs Java ${OLDEST} to ${NEWEST}, and ${program} is Java ${java.version}; install one (such as openjdk-17-jre-headless) and let JAVA_HOME name it.`,
    );
  }
  return java;
}

async function properties(program: string): Promise<string> {
  try {
    return (await run(program, ["-XshowSettings:properties", "-version"])).stderr;
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new Refusal(
      missing
        ? `This needs Java ${OLDEST} or newer and there is none (looked for ${program}); install one, such as the package openjdk-17-jre-headless.`
        : `Java can't be started (${program}): ${firstLine(error)}.`,
    );
  }
}

/** From what `java -XshowSettings:properties -version` says. */
function readProperties(output: string): Java {
  const value = (name: string) => new RegExp(`^ *${name} = (.*)$`, "m").exec(output)?.[1]?.trim();
  // Up to Java 8 this was 1.8.
  const version = value("java[.]specification[.]version")?.replace(/^1[.]/, "");
  return { home: value("java[.]home") ?? "", version: Number(version ?? Number.NaN) };
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}
