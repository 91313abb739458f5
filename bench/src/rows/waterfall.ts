import { setTimeout as pause } from "node:timers/promises";
import { askForForm, sendForm, signIn, type User } from "../../../e2e/client.ts";
import { listenToFacts } from "../../../e2e/facts.ts";
import { newDataFolder, removeDataFolder, startSystem } from "../../../e2e/system.ts";
import { exactly, type Finding, type Row } from "../finding.ts";
import { quantile, spreadOf } from "../measure/statistics.ts";
import { generatedPhotos } from "../stand/pictures.ts";

/** What the path of a picture is made of, in order; each is named by what it ends with. */
const STAGES: [stage: string, of: string][] = [
  ["form", "the API signs the form and writes the session"],
  ["bytes", "the client sends 12 megapixels to the object store"],
  [
    "verified",
    "the store's event, the queue, first bytes and size of what arrived, the table's stream: ImageUploaded",
  ],
  ["processed", "the queue and the pipeline: ImageProcessed"],
  ["cataloged", "the queue, one conditional write, the table's stream: the image is ready"],
  ["searchable", "the queue with its batching window, the bulk request, the index's refresh"],
];

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
        const journey = await travel(user, bytes, facts);
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
  /** Milliseconds of each stage. */
  stages: number[];
  /** Milliseconds of each step of the pipeline. */
  steps: { name: string; ms: number }[];
}

async function travel(
  user: User,
  bytes: Buffer,
  facts: Awaited<ReturnType<typeof listenToFacts>>,
): Promise<Journey> {
  const marks = [performance.now()];
  const form = await askForForm(user, { contentType: "image/jpeg", size: bytes.length });
  marks.push(performance.now());
  const sent = await sendForm(form, bytes);
  if (sent.status !== 201) throw new Error(`The object store answered ${sent.status}.`);
  marks.push(performance.now());
  const { imageId } = form;
  marks.push((await facts.about(imageId, ({ type }) => type === "ImageUploaded")).at);
  marks.push((await facts.about(imageId, ({ type }) => type === "ImageProcessed")).at);
  marks.push((await facts.status(imageId, "ready")).at);
  while (!(await isFound(user, imageId))) await pause(5);
  marks.push(performance.now());
  const job = await user.get<{ steps: Journey["steps"] }>(`/v1/processing/${imageId}`);
  const stages = marks.slice(1).map((mark, index) => mark - (marks[index] ?? mark));
  return { stages, steps: job.body.steps };
}

async function isFound(user: User, imageId: string): Promise<boolean> {
  const { body } = await user.get<{ items: { imageId: string; status: string }[] }>(
    "/v1/search?sort=newest&limit=1",
  );
  return body.items.some((item) => item.imageId === imageId && item.status === "ready");
}

function findings(journeys: Journey[]): Finding[] {
  const typical = (values: number[]) => quantile(values, 0.5);
  const totals = journeys.map(({ stages }) => stages.reduce((sum, ms) => sum + ms, 0));
  const names = journeys[0]?.steps.map(({ name }) => name) ?? [];
  const steps = names.map((name) => {
    const times = journeys.map((j) => j.steps.find((step) => step.name === name)?.ms ?? 0);
    return `${name} ${Math.round(typical(times))}`;
  });
  return [
    {
      what: "altogether",
      ours: { ...spreadOf(totals), unit: "ms" },
      note: `pipeline, in ms: ${steps.join(", ")}`,
    },
    ...STAGES.map(([stage, of], index) => ({
      what: stage,
      ours: { ...spreadOf(journeys.map(({ stages }) => stages[index] ?? 0)), unit: "ms" },
      note: of,
    })),
    {
      what: "share outside of pixels and of the way of the bytes",
      ours: exactly(
        100 -
          100 *
            typical(
              journeys.map(({ stages, steps: all }) => {
                const pixels = all.reduce((sum, { ms }) => sum + ms, 0);
                return (pixels + (stages[1] ?? 0)) / stages.reduce((sum, ms) => sum + ms, 0);
              }),
            ),
        "%",
      ),
    },
  ];
}
