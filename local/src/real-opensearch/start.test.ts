import { expect, it } from "vitest";
import { lastWords } from "./start.ts";

it("the end of OpenSearch is told by its innermost cause, in one line", () => {
  const output = [
    "[ERROR] uncaught exception in thread [main]",
    "org.opensearch.bootstrap.StartupException: Outer; nested: Inner",
    "\tat org.opensearch.bootstrap.OpenSearch.init(OpenSearch.java:180)",
    "Caused by: org.opensearch.OpenSearchException: Middle",
    "\t... 6 more",
    "Caused by: java.lang.IllegalStateException: Inner",
    "\tat org.opensearch.Node.<init>(Node.java:1)",
    "For complete error details, refer to the log",
  ].join("\n");
  expect(lastWords(output)).toBe("java.lang.IllegalStateException: Inner");
  expect(lastWords("just this\n")).toBe("just this");
  expect(lastWords("Caused by: failed to obtain node locks, tried [a]")).toMatch(
    /another one runs on the same data folder/,
  );
});
