import { describe, expect, it } from "vitest";
import type { Command } from "./command.ts";
import { understand } from "./command-line.ts";
import { commands } from "./commands.ts";

const turn: Command = {
  name: "turn",
  summary: "turns something",
  words: ["THING", "[HOW]"],
  options: { far: { type: "string", value: "N", help: "how far" } },
  examples: ["turn knob --far 3"],
  run: async () => 0,
};
const read = (...args: string[]) => understand(args, [turn], {});

describe("a command line", () => {
  it("names a command, its words and its options in any order", () => {
    expect(read("turn", "--far", "3", "knob", "--json", "left")).toMatchObject({
      kind: "run",
      command: turn,
      given: { words: ["knob", "left"], options: { far: "3" } },
      json: true,
    });
  });

  it("takes address and token from the environment when it does not say them", () => {
    const env = { SHOEBOX_URL: "https://a.example", SHOEBOX_TOKEN: "t" };
    expect(understand(["turn", "x"], [turn], env)).toMatchObject({
      url: "https://a.example",
      token: "t",
    });
    expect(
      understand(["turn", "x", "--url", "http://b", "--token", "u"], [turn], env),
    ).toMatchObject({ url: "http://b", token: "u" });
    expect(read("turn", "x")).toMatchObject({ url: "http://127.0.0.1:7070", token: undefined });
  });

  it.each([
    [["spin"], "There is no command spin: there are turn."],
    [["turn"], "turn needs THING: npm run ops -- turn THING [HOW]."],
    [["turn", "a", "b", "c"], "turn does not know what to do with c."],
    [["turn", "a", "--near"], /^Unknown option '--near'; npm run ops -- turn --help/],
    [["turn", "a", "--far"], /--far.*; npm run ops -- turn --help says what it takes\.$/],
  ])("%j is refused in one sentence, as a misuse", (args, sentence) => {
    expect(() => read(...args)).toThrow(
      expect.objectContaining({
        message: typeof sentence === "string" ? sentence : expect.stringMatching(sentence),
        exitCode: 2,
      }),
    );
  });

  it.each([[[]], [["--help"]], [["help"]]])("%j is answered with all commands", (args) => {
    expect(read(...args)).toMatchObject({
      kind: "help",
      text: expect.stringMatching(/turn THING \[HOW\] {2}turns something/),
    });
  });

  it("with a command and --help is answered with its options and examples", () => {
    const { text } = read("turn", "--help") as { text: string };
    expect(text).toContain("--far N");
    expect(text).toContain("npm run ops -- turn knob --far 3");
  });
});

it.each(commands.map((command) => [command.name, command] as const))(
  "the examples of %s are understood",
  (_, command) => {
    expect(command.examples.length).toBeGreaterThan(0);
    for (const example of command.examples) {
      expect(understand(example.split(" "), commands, {})).toMatchObject({ kind: "run", command });
    }
  },
);
