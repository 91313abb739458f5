import { expect, it } from "vitest";
import { canRunProject, Refusal, refuseOldNode } from "./machine.mjs";

it.each(["20.0.0", "22.12.0", "24.21.0", "100.0.0"])("Node %s may start the project", (version) => {
  expect(() => refuseOldNode(version)).not.toThrow();
});

it.each(["8.0.0", "18.20.4", "19.9.9"])("Node %s is refused in one sentence", (version) => {
  expect(() => refuseOldNode(version)).toThrow(Refusal);
  expect(() => refuseOldNode(version)).toThrow(
    `Shoebox needs Node 20 or newer to start, and this is Node ${version}.`,
  );
});

it("the project itself runs on Node 24 and newer", () => {
  expect(["20.20.2", "23.11.0", "24.0.0", "26.1.0"].map(canRunProject)).toEqual([
    false,
    false,
    true,
    true,
  ]);
});
