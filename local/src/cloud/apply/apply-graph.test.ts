import { expect, it } from "vitest";
import type { AwsClients } from "../aws-clients.ts";
import { applyGraph } from "./apply-graph.ts";

const resource = { program: "upload", name: "x", inputs: {}, outputs: {} };

it("a resource that the local cloud can't build stops the boot before anything is built", async () => {
  const untouchable = new Proxy({} as AwsClients, {
    get: () => {
      throw new Error("something was built");
    },
  });
  const graph = [
    { ...resource, type: "aws:s3/bucket:Bucket", inputs: { bucket: "b" } },
    { ...resource, type: "aws:kinesis/stream:Stream", name: "news" },
  ];
  await expect(applyGraph(graph, untouchable)).rejects.toThrow(
    "upload: the local cloud does not know how to build aws:kinesis/stream:Stream (news).",
  );
});
