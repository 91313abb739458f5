import { Client } from "@opensearch-project/opensearch";
import { createIndexWriter } from "@shoebox/search/adapters/index-writer";
import { projectImages } from "@shoebox/search/consumers/project-images";
import { type Document, imageDocument } from "@shoebox/search/domain/document";
import { createLogger } from "@shoebox/shared/log";
import type { SQSEvent } from "aws-lambda";
import type { Finding, Row, RowOptions } from "../finding.ts";
import { alternate } from "../measure/alternate.ts";
import { ratioOf, spreadOf } from "../measure/statistics.ts";
import { type Engine, openSearchItself, searchEngine } from "../stand/engine.ts";
import { catalogedEvent, imageState } from "../stand/images.ts";

/**
 * As many as an invocation takes: the projector of a rebuild a hundred; the live one ten, for which SQS asks no batching
 * window, and several at a time when many wait.
 */
const CASES = [
  { batch: 100, lanes: 1 },
  { batch: 100, lanes: 4 },
  { batch: 10, lanes: 4 },
];
const NOTE =
  "ours also parses and checks each event against its contract, asks which indexes are written, and looks at each item of the answer";

export const projector: Row = {
  name: "projector",
  title: "catalog events into the index, against a bare `_bulk` of the same documents",
  async measure(options) {
    const embedded = await searchEngine(undefined);
    const findings = await compare("the embedded engine", embedded, options);
    const real = await openSearchItself(options);
    if (real) findings.push(...(await compare("OpenSearch", real, options)));
    return findings;
  },
};

async function compare(what: string, engine: Engine, { quick }: RowOptions): Promise<Finding[]> {
  const client = new Client({ node: engine.url });
  try {
    const writer = createIndexWriter(client, { shards: 1, replicas: 0 });
    const [target = ""] = await writer.liveTargets();
    const project = projectImages({
      writer,
      deadLetters: { setAside: async (_record, reason) => Promise.reject(new Error(reason)) },
      log: createLogger("search", "warn"),
    });
    const size = quick ? 1_000 : 3_000;
    const ours = (batch: number, lanes: number) => () => {
      const events = Array.from({ length: size / batch }, () => sqsEvent(batch));
      return timed(lanes, events, async (event) => {
        const { batchItemFailures } = await project(event);
        if (batchItemFailures.length > 0) throw new Error("The projector could not index all.");
      });
    };
    const peer = (batch: number, lanes: number) => () => {
      const bodies = Array.from({ length: size / batch }, () =>
        documents(batch).flatMap((document) => [action(target, document), document]),
      );
      return timed(lanes, bodies, async (body) => {
        const answer = await client.bulk({ body });
        if (answer.body.errors) throw new Error("The engine did not index all.");
      });
    };
    const findings: Finding[] = [];
    for (const { batch, lanes } of CASES) {
      const took = await alternate(quick ? 3 : 9, {
        ours: ours(batch, lanes),
        peer: peer(batch, lanes),
      });
      const rate = (values: number[]) => values.map((ms) => (size * 1000) / ms);
      const rates = { ours: rate(took.ours), peer: rate(took.peer) };
      findings.push({
        what: `documents a second into ${what}, ${batch} in a batch, ${lanes === 1 ? "one batch" : `${lanes} batches`} at a time`,
        ours: { ...spreadOf(rates.ours), unit: "/s" },
        peer: { ...spreadOf(rates.peer), unit: "/s", name: "_bulk" },
        ratio: ratioOf(rates),
        target: { atLeast: 0.8 },
        note: NOTE,
      });
    }
    return findings;
  } finally {
    await client.close();
    await engine.stop();
  }
}

/** Milliseconds for all of them, so many at a time. */
async function timed<T>(lanes: number, all: T[], act: (one: T) => Promise<void>): Promise<number> {
  const left = all.values();
  const began = performance.now();
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (const one of left) await act(one);
    }),
  );
  return performance.now() - began;
}

function documents(count: number): Document[] {
  return Array.from({ length: count }, (_, n) => imageDocument(imageState(`owner-${n % 7}`)));
}

function action(target: string, { imageId, version }: Document) {
  return {
    index: { _index: target, _id: imageId, version, version_type: "external" as const },
  };
}

function sqsEvent(count: number): SQSEvent {
  const Records = Array.from({ length: count }, (_, n) => ({
    messageId: String(n),
    body: JSON.stringify(catalogedEvent(imageState(`owner-${n % 7}`))),
    attributes: { ApproximateReceiveCount: "1" },
  }));
  return { Records } as unknown as SQSEvent;
}
