import { setTimeout as pause } from "node:timers/promises";
import { askForForm, sendForm, signIn, type User } from "../../../e2e/client.ts";
import { type Fact, listenToFacts } from "../../../e2e/facts.ts";
import { newDataFolder, removeDataFolder, startSystem } from "../../../e2e/system.ts";
import { exactly, type Finding, type Row } from "../finding.ts";
import { loggedMetric } from "../measure/log-metrics.ts";
import { quantile, spreadOf } from "../measure/statistics.ts";
import { generatedPhotos } from "../stand/pictures.ts";

/**
 * What the path of a picture is made of, in order. Each part is named by what is done or waited for in it; which
 * time ends it is told in `travel`.
 */
const PARTS = {
  form: "the API signs the form and writes the session",
  bytes: "the client sends 12 megapixels to the object store",
  "store → bus": "the store's event; seen as early as its answer to the client",
  "queue → verified": "a queue's long poll wakes; first bytes, size and checksum of what arrived",
  "verified → bus": "one write, the table's stream wakes the relay: ImageUploaded",
  "queue → job": "a queue's long poll wakes; the job is written",
  pipeline: "the steps",
  "job → bus": "one write, the stream, the relay: ImageProcessed",
  "queue → ready": "a queue's long poll wakes; the image is read and decided on",
  "ready → bus": "one write, the stream, the relay: ImageUpdated, ready",
  "queue → index": "a queue's long poll wakes; no batching window; one bulk request",
  refresh: "the index shows it at its next refresh, within a second; the client asks every 5 ms",
} as const;
type Part = keyof typeof PARTS;
/** Parts whose time is that of pixels and of bytes on their way, which nobody can wait for less. */
const WORK: Part[] = ["bytes", "pipeline"];

export const waterfall: Row = {
  name: "waterfall",
  title: "one picture, from asking for the form to being found, in the idle system",
  async measure({ quick }) {
    const pictures = await generatedPhotos(1);
    const [name = ""] = pictures.names;
    const folder = newDataFolder();
    const system = await startSystem(folder);
    const facts = await listenToFacts(system.url);
    try {
      const { readFileSync } = await import("node:fs");
      const bytes = readFileSync(`${pictures.path}/${name}`);
      const user = await signIn(system.url);
      const journeys: Journey[] = [];
      for (let round = 0; round <= (quick ? 2 : 7); round++) {
        // Every queue and stream is idle again, as it is for a picture that comes alone.
        await pause(1_500 + Math.random() * 500);
        const journey = await travel(user, bytes, facts, folder);
        if (round > 0) journeys.push(journey);
      }
      return findings(journeys);
    } finally {
      facts.close();
      await system.stop();
      removeDataFolder(folder);
      pictures.remove();
    }
  },
};

interface Journey {
  /** Milliseconds of each part. */
  parts: Record<Part, number>;
  /** Milliseconds of each step of the pipeline. */
  steps: { name: string; ms: number }[];
}

async function travel(
  user: User,
  bytes: Buffer,
  facts: Awaited<ReturnType<typeof listenToFacts>>,
  folder: string,
): Promise<Journey> {
  const now = () => performance.timeOrigin + performance.now();
  const began = now();
  const form = await askForForm(user, { contentType: "image/jpeg", size: bytes.length });
  const asked = now();
  const sent = await sendForm(form, bytes);
  if (sent.status !== 201) throw new Error(`The object store answered ${sent.status}.`);
  const stored = now();
  const { imageId } = form;
  const created = await facts.about(imageId, ({ type }) => type === "Object Created");
  const uploaded = await facts.about(imageId, ({ type }) => type === "ImageUploaded");
  const processed = await facts.about(imageId, ({ type }) => type === "ImageProcessed");
  const ready = await facts.status(imageId, "ready");
  while (!(await isFound(user, imageId))) await pause(5);
  const found = now();
  const job = await user.get<{ steps: Journey["steps"]; startedAt: string; finishedAt: string }>(
    `/v1/processing/${imageId}`,
  );
  const indexed = await loggedAt(folder, asked);
  const ends: Record<Part, number> = {
    form: asked,
    bytes: stored,
    "store → bus": seenAt(created),
    "queue → verified": toldAt(uploaded),
    "verified → bus": seenAt(uploaded),
    "queue → job": Date.parse(job.body.startedAt),
    pipeline: toldAt(processed),
    "job → bus": seenAt(processed),
    "queue → ready": toldAt(ready),
    "ready → bus": seenAt(ready),
    "queue → index": indexed,
    refresh: found,
  };
  let last = began;
  const parts = {} as Record<Part, number>;
  for (const [part, end] of Object.entries(ends) as [Part, number][]) {
    // Clocks of two processes, and of whole milliseconds, may put an end before what it follows.
    parts[part] = Math.max(0, end - last);
    last = Math.max(last, end);
  }
  return { parts, steps: job.body.steps };
}

/** When the projector said that its picture can be found; its log comes through a pipe. */
async function loggedAt(folder: string, since: number): Promise<number> {
  for (;;) {
    const { lastAt } = loggedMetric(folder, "search", "TimeToSearchable", since);
    if (lastAt !== undefined) return lastAt;
    await pause(5);
  }
}

/** When it crossed the bus, as it was seen here; ms since the epoch. */
const seenAt = ({ at }: Fact) => performance.timeOrigin + at;
/** When its producer says that it happened; ms since the epoch. */
const toldAt = ({ occurredAt }: Fact) => occurredAt ?? Number.NaN;

async function isFound(user: User, imageId: string): Promise<boolean> {
  const { body } = await user.get<{ items: { imageId: string; status: string }[] }>(
    "/v1/search?sort=newest&limit=1",
  );
  return body.items.some((item) => item.imageId === imageId && item.status === "ready");
}

function findings(journeys: Journey[]): Finding[] {
  const typical = (values: number[]) => quantile(values, 0.5);
  const sum = (values: number[]) => values.reduce((all, ms) => all + ms, 0);
  const totals = journeys.map(({ parts }) => sum(Object.values(parts)));
  const names = journeys[0]?.steps.map(({ name }) => name) ?? [];
  const steps = names.map((name) => {
    const times = journeys.map((j) => j.steps.find((step) => step.name === name)?.ms ?? 0);
    return `${name} ${Math.round(typical(times))}`;
  });
  const waited = journeys.map(
    ({ parts }, n) => 100 - (100 * sum(WORK.map((part) => parts[part]))) / (totals[n] ?? 0),
  );
  return [
    { what: "altogether", ours: { ...spreadOf(totals), unit: "ms" } },
    ...(Object.entries(PARTS) as [Part, string][]).map(([part, of]) => ({
      what: part,
      ours: { ...spreadOf(journeys.map(({ parts }) => parts[part])), unit: "ms" },
      note: part === "pipeline" ? `${of}, in ms: ${steps.join(", ")}` : of,
    })),
    {
      what: "share outside of pixels and of the way of the bytes",
      ours: exactly(typical(waited), "%"),
    },
  ];
}
