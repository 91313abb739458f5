import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import {
  CreateArchiveCommand,
  DescribeArchiveCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { describe, expect, it, onTestFinished } from "vitest";
import { clientOf, DEFAULT_BUS_ARN, newBridge, newDataDir, QUEUE } from "./bridge.testkit.ts";

const PROGRAM = fileURLToPath(new URL("crash.testkit.ts", import.meta.url));

async function startChild(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [PROGRAM, dataDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const [line] = (await once(child.stdout ?? child, "data")) as [Buffer];
  return { child, url: line.toString().trim() };
}

describe("kill -9", () => {
  it("right after the answer of PutEvents loses neither the deliveries nor the archived events", async () => {
    const dataDir = await newDataDir();
    const { child, url } = await startChild(dataDir);
    const client = clientOf(url);
    onTestFinished(() => client.destroy());
    const EventPattern = '{"source":["shop"]}';
    await client.send(new PutRuleCommand({ Name: "orders", EventPattern }));
    const Targets = [{ Id: "q", Arn: QUEUE }];
    await client.send(new PutTargetsCommand({ Rule: "orders", Targets }));
    await client.send(
      new CreateArchiveCommand({ ArchiveName: "all", EventSourceArn: DEFAULT_BUS_ARN }),
    );
    const entry = { Source: "shop", DetailType: "Placed", Detail: "{}" };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        client.send(new PutEventsCommand({ Entries: [entry, entry] })),
      ),
    );
    child.kill("SIGKILL");
    const ids = answers.flatMap(({ Entries }) => Entries?.map((each) => each.EventId) ?? []);
    await once(child, "exit");

    const { sqs, client: next } = await newBridge({ dataDir });
    const events = await sqs.received(QUEUE, ids.length);
    expect(new Set(events.map((event) => event.id))).toEqual(new Set(ids));
    const archive = await next.send(new DescribeArchiveCommand({ ArchiveName: "all" }));
    expect(archive.EventCount).toBe(ids.length);
  });
});
