import { Client } from "@opensearch-project/opensearch";
import { createIndexWriter } from "@shoebox/search/adapters/index-writer";
import { projectImages } from "@shoebox/search/consumers/project-images";
import { type Document, imageDocument } from "@shoebox/search/domain/document";
import { createLogger } from "@shoebox/shared/log";
import type { SQSEvent } from "aws-lambda";
import type { Finding, Row, RowOptions } from "../finding.ts";
import { alternate } from "../measure/alternate.ts";
import { ratioOf, spreadOf } from "../measure/statistics.ts";
import { searchEngine } from "../stand/engine.ts";
import { catalogedEvent, imageState } from "../stand/images.ts";

/** As many as one invocation of the projector takes. */
const BATCH = 100;
/** One batch after the other, and some at a time, as the queue hands them out when many wait. */
const LANES = [1, 4];
const NOTE =
  "ours also parses and checks each event against its contract, asks which indexes are written, and looks at each item of the answer";

export const projector: Row = {
  name: "projector",
  title: "catalog events into the index, against a bare `_bulk` of the same documents",
  async measure(options) {
    const findings = await compare("the embedded engine", undefined, options);
    if (options.opensearch) {
      findings.push(...(await compare("OpenSearch", options.opensearch, options)));
    }
    return findings;
  },
};

async function compare(
  what: string,
  url: string | undefined,
  { quick }: RowOptions,
): Promise<Finding[]> {
  const engine = await searchEngine(url);
  const client = new Client({ node: engine.url });
  try {
    const writer = createIndexWriter(client, { shards: 1, replicas: 0 });
    const [target = ""] = await writer.liveTargets();
    const project = projectImages({
      writer,
      deadLetters: { setAside: async (_record, reason) => Promise.reject(new Error(reason)) },
      log: createLogger("search", "warn"),
    });
    const batches = quick ? 10 : 30;
    const ours = (lanes: number) => () => {
      const events = Array.from({ length: batches }, () => sqsEvent());
      return timed(lanes, events, async (event) => {
        const { batchItemFailures } = await project(event);
        if (batchItemFailures.length > 0) throw new Error("The projector could not index all.");
      });
    };
    const peer = (lanes: number) => () => {
      const bodies = Array.from({ length: batches }, () =>
        documents().flatMap((document) => [action(target, document), document]),
      );
      return timed(lanes, bodies, async (body) => {
        const answer = await client.bulk({ body });
        if (answer.body.errors) throw new Error("The engine did not index all.");
      });
    };
    const findings: Finding[] = [];
    for (const lanes of LANES) {
      const took = await alternate(quick ? 3 : 9, { ours: ours(lanes), peer: peer(lanes) });
      const rate = (values: number[]) => values.map((ms) => (BATCH * batches * 1000) / ms);
      const rates = { ours: rate(took.ours), peer: rate(took.peer) };
      findings.push({
        what: `documents a second into ${what}, ${BATCH} in a batch, ${lanes === 1 ? "one batch" : `${lanes} batches`} at a time`,
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

function documents(): Document[] {
  return Array.from({ length: BATCH }, (_, n) => imageDocument(imageState(`owner-${n % 7}`)));
}

function action(target: string, { imageId, version }: Document) {
  return {
    index: { _index: target, _id: imageId, version, version_type: "external" as const },
  };
}

function sqsEvent(): SQSEvent {
  const Records = Array.from({ length: BATCH }, (_, n) => ({
    messageId: String(n),
    body: JSON.stringify(catalogedEvent(imageState(`owner-${n % 7}`))),
    attributes: { ApproximateReceiveCount: "1" },
  }));
  return { Records } as unknown as SQSEvent;
}
