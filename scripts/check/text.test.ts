import { describe, expect, it } from "vitest";
import { findCommandFaults } from "./commands.ts";
import { findNamedTestFaults } from "./named-tests.ts";
import { findTextFaults } from "./text-rules.ts";

describe("text rules", () => {
  it.each([
    ["docs/a.md", `run it in ${"/wo"}rk/main`],
    ["a.ts", `import "${"/ho"}me/me/a.ts";`],
    ["a.ts", `// see .${"library"}/a`],
    ["package-lock.json", `"https://registry.${"npmjs"}.org/a"`],
    ["CHANGELOG.md", `closes ${"issue"} 3`],
    ["services/upload/src/domain/a.ts", "const now = Date.now();"],
    ["services/upload/src/domain/a.ts", "const now = new Date();"],
  ])("%s must not say: %s", (file, text) => {
    expect(findTextFaults(file, `first\n${text}`)).toEqual([
      expect.stringMatching(new RegExp(`^${file}:2: ".+" is .+`)),
    ]);
  });

  it.each([
    ["a.ts", 'app.get("/work-queue")'],
    ["a.ts", "a/work/b"],
    ["services/upload/src/domain/a.ts", "const day = new Date(now);"],
    ["services/upload/src/domain/a.test.ts", "const now = Date.now();"],
    ["services/upload/src/adapters/a.ts", "const now = Date.now();"],
  ])("%s may say: %s", (file, text) => {
    expect(findTextFaults(file, text)).toEqual([]);
  });
});

describe("commands in Markdown", () => {
  it("must be scripts of package.json", () => {
    const page = "Run `npm start`, then\n`npm run fly -- --high` or `npm --silent run start`.";
    expect(findCommandFaults("README.md", page, ["start"])).toEqual([
      "README.md:2: package.json has no such script: npm run fly",
    ]);
  });

  it("of npm itself are left alone", () => {
    expect(findCommandFaults("README.md", "`npm ci`, npm packages, `npm install`", [])).toEqual([]);
  });
});

describe("tests that Markdown names", () => {
  const files: Record<string, string> = {
    "e2e/a.test.ts": 'it("holds", …',
    "shared/b.test.ts": "",
  };
  const read = (path: string) => files[path];

  it("must be there, under that title", () => {
    const page = [
      '`e2e/a.test.ts`: "holds"; `e2e/a.test.ts`: "flies"',
      "`e2e/none.test.ts`, `b.test.ts`, `c.test.ts`",
    ].join("\n");
    expect(findNamedTestFaults("shared/README.md", page, read)).toEqual([
      'shared/README.md:1: e2e/a.test.ts has no test "flies"',
      "shared/README.md:2: there is no test file e2e/none.test.ts",
      "shared/README.md:2: there is no test file c.test.ts",
    ]);
  });
});
