import { expect, it } from "vitest";
import { forwardSignals } from "./launch.mjs";

it.each([
  ["Ctrl-C, which the terminal gives to the program itself, is not sent again", true, ["SIGTERM"]],
  ["without a terminal every signal is passed on", false, ["SIGINT", "SIGTERM"]],
])("%s", (_, terminal, expected) => {
  /** @type {unknown[]} */
  const sent = [];
  const stop = forwardSignals({ kill: (signal) => sent.push(signal) > 0 }, terminal);
  // To the listeners only: a real SIGINT would end the test run.
  process.emit("SIGINT", "SIGINT");
  process.emit("SIGTERM", "SIGTERM");
  stop();
  expect(sent).toEqual(expected);
});
