import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fakeProject } from "./run/fake-project.testkit.mjs";

const HELLO = ["-e", "console.log('hello')"];

/** @type {ReturnType<typeof fakeProject>} */
let project;
beforeEach(() => {
  project = fakeProject();
});
afterEach(() => project.remove());

describe("packages", () => {
  it("are installed on a fresh clone, before the program runs", async () => {
    const { code, stdout, stderr } = await project.run(HELLO).ended;
    expect(code).toBe(0);
    expect(stdout).toBe("hello\n");
    expect(stderr).toContain("installing packages (first start: about a minute)…");
    expect(project.npmCalls()).toEqual([expect.stringMatching(/^ci .*--include=dev/)]);
  });

  it("are left alone when they are as locked, and nothing is said", async () => {
    await project.run(HELLO).ended;
    const { stderr } = await project.run(HELLO).ended;
    expect(stderr).toBe("");
    expect(project.npmCalls()).toHaveLength(1);
  });

  it("are installed again when the lock file changed", async () => {
    await project.run(HELLO).ended;
    project.lock("2.0.0");
    expect((await project.run(HELLO).ended).code).toBe(0);
    expect(project.npmCalls()).toHaveLength(2);
  });

  it("are not installed again after somebody's own npm install", async () => {
    await project.run(HELLO).ended;
    rmSync(join(project.root, "node_modules", ".shoebox-stamp"));
    expect((await project.run(HELLO).ended).stdout).toBe("hello\n");
    expect(project.npmCalls()).toHaveLength(1);
  });

  it("are installed once by two that start at the same time", async () => {
    const first = project.run(HELLO, { npm: "until released" });
    await first.said("installing packages");
    const second = project.run(HELLO);
    await second.said("another process installs the packages");
    project.release();
    expect(await first.ended).toMatchObject({ code: 0, stdout: "hello\n" });
    expect(await second.ended).toMatchObject({ code: 0, stdout: "hello\n" });
    expect(project.npmCalls()).toHaveLength(1);
  });

  it("that can't be had without a network are one sentence and exit code 1", async () => {
    const { code, stdout, stderr } = await project.run(HELLO, { npm: "offline" }).ended;
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr.split("\n")).toEqual([
      "installing packages (first start: about a minute)…",
      expect.stringContaining("can't reach the npm registry (ENOTFOUND)"),
      "",
    ]);
  });

  it("that npm refuses to install say its reason, and the next start tries again", async () => {
    const { code, stderr } = await project.run(HELLO, { npm: "broken" }).ended;
    expect(code).toBe(1);
    expect(stderr).toContain("npm ci failed (1): The lock file and package.json are not in sync");
    expect((await project.run(HELLO).ended).stdout).toBe("hello\n");
  });

  it("are not taken for whole after an installation that was interrupted", async () => {
    await project.run(HELLO).ended;
    project.lock("2.0.0");
    const interrupted = project.run(HELLO, { npm: "until released" });
    await interrupted.said("installing packages");
    interrupted.kill("SIGTERM");
    expect(await interrupted.ended).toMatchObject({ code: 1, stdout: "" });
    expect(existsSync(join(project.root, ".installing"))).toBe(false);
    const before = project.npmCalls().length;
    expect((await project.run(HELLO).ended).stdout).toBe("hello\n");
    expect(project.npmCalls()).toHaveLength(before + 1);
  });
});

describe("the program", () => {
  beforeEach(() => project.run(HELLO).ended);

  it("runs with the pinned Node first on its PATH, then the project's tools, in the project's root", async () => {
    const { stdout } = await project.run([
      "-p",
      "process.env.PATH.split(':').slice(0, 2).concat(process.cwd(), process.execPath).join()",
    ]).ended;
    const [node = "", tools, cwd] = stdout.trimEnd().split(",");
    expect(node).toMatch(/node_modules\/node-[^/]+\/bin$/);
    expect(tools).toBe(join(project.root, "node_modules", ".bin"));
    expect(cwd).toBe(project.root);
  });

  it("gets its arguments as they are", async () => {
    writeFileSync(
      join(project.root, "echo.js"),
      "console.log(JSON.stringify(process.argv.slice(2)))",
    );
    const { stdout } = await project.run(["echo.js", "--json", "--data", "a b", ""]).ended;
    expect(JSON.parse(stdout)).toEqual(["--json", "--data", "a b", ""]);
  });

  it("hands its exit code on", async () => {
    expect((await project.run(["-e", "process.exit(42)"]).ended).code).toBe(42);
  });

  it("that dies of a signal takes its starter with it by the same signal", async () => {
    const { signal } = await project.run(["-e", "process.kill(process.pid, 'SIGKILL')"]).ended;
    expect(signal).toBe("SIGKILL");
  });

  it("gets the signals that its starter gets and ends as it wants", async () => {
    const program = project.run([
      "-e",
      "setInterval(() => {}, 1000); process.on('SIGTERM', () => process.exit(7)); console.log('up')",
    ]);
    await program.said("up");
    program.kill("SIGTERM");
    expect((await program.ended).code).toBe(7);
  });

  it("gets one signal when its starter is sent the same one twice", async () => {
    const program = project.run([
      "-e",
      `let count = 0; setInterval(() => {}, 1000);
       process.on('SIGINT', () => { count += 1; console.log('interrupted'); });
       process.on('SIGTERM', () => process.exit(count)); console.log('up')`,
    ]);
    await program.said("up");
    program.kill("SIGINT");
    await program.said("interrupted");
    program.kill("SIGINT");
    program.kill("SIGTERM");
    expect((await program.ended).code).toBe(1);
  });
});
