import { parseArgs, styleText } from "node:util";
import { type SearchPage, signIn, type User } from "../client.ts";
import { listenToFacts } from "../facts.ts";
import { type Picture, picturesOf } from "../pictures.ts";
import { newDataFolder, removeDataFolder, startSystem } from "../system.ts";
import { type Board, createBoard, heading, size, time } from "./board.ts";
import { showDeletion, showSignedUrl, showWhatIsFound } from "./found.ts";
import { type Journey, type Travel, travel } from "./journey.ts";
import { demoPictures } from "./pictures.ts";
import { processingTimes, stepTimes } from "./summary.ts";

const USAGE = `Usage: npm run demo -- [FOLDER] [--url URL]

  FOLDER      its JPEG, PNG and WebP files are uploaded; without one, pictures that are made for it
  --url URL   the front door of a running system; without one, a system is started and stopped again
  --help      this text`;

const AT_ONCE = 8;
/** Milliseconds between two looks into the index; it is asked once for all pictures. */
const SEARCH_EVERY = 40;
/** Milliseconds after which a picture that is not found is reported. */
const FOUND_WITHIN = 30_000;

await main().catch((error: unknown) => {
  const sentence = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    `${styleText("red", "The demo failed:", { stream: process.stderr })} ${sentence}\n`,
  );
  process.exit(1);
});

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { url: { type: "string" }, help: { type: "boolean", default: false } },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const [folder] = positionals;
  const pictures = folder === undefined ? await demoPictures() : picturesOf(folder);
  if (pictures.length === 0) throw new Error(`There are no JPEG, PNG or WebP files in ${folder}.`);

  if (values.url !== undefined) {
    await show(values.url.replace(/\/$/, ""), pictures);
    return;
  }
  const data = newDataFolder();
  const started = performance.now();
  const system = await startSystem(data);
  const end = async () => {
    await system.stop();
    removeDataFolder(data);
  };
  process.once("SIGINT", () => void end().then(() => process.exit(130)));
  try {
    title("The system", `${system.url}, started in ${time(performance.now() - started)}`);
    await show(system.url, pictures);
  } finally {
    await end();
  }
}

async function show(url: string, pictures: Picture[]): Promise<void> {
  const board = createBoard(process.stdout);
  const facts = await listenToFacts(url).catch((cause: unknown) => {
    throw new Error(`There is no Shoebox at ${url}.`, { cause });
  });
  try {
    const user = await signIn(url);
    const tag = `demo-${crypto.randomUUID().slice(0, 8)}`;
    const bytes = pictures.reduce((sum, picture) => sum + picture.bytes.length, 0);
    title("Uploading", `${pictures.length} pictures, ${size(bytes)}, ${AT_ONCE} at a time`);
    const started = performance.now();
    const index = watchIndex(user, tag);
    const journeys = await uploadAll(pictures, board, {
      user,
      facts,
      tag,
      searchable: index.found,
    });
    index.stop();
    const took = performance.now() - started;
    const ready = journeys.filter(({ refused }) => !refused);
    const refused = journeys.length - ready.length;
    board.say("");
    board.say(
      `  ${styleText("bold", `${ready.length} ready, ${refused} rejected`)} in ${time(took)}, ` +
        `${((journeys.length / took) * 1_000).toFixed(1)} pictures a second`,
    );

    title("The time of each step", "median and slowest");
    for (const line of stepTimes(journeys)) board.say(line);
    for (const line of await processingTimes(user, journeys)) board.say(line);

    const [example] = ready;
    if (example?.imageId === undefined) return;
    title("What is found where");
    await showWhatIsFound(user, tag, journeys, board.say);
    title("A signed URL");
    await showSignedUrl(user, example.imageId, board.say);
    title("What a deletion takes away");
    await showDeletion(user, facts, example, board.say);
    board.say("");
  } finally {
    board.stop();
    facts.close();
  }
}

/** All pictures through the whole flow, so many at once; in the order of the pictures. */
async function uploadAll(
  pictures: Picture[],
  board: Board,
  surroundings: Travel,
): Promise<Journey[]> {
  const journeys = pictures.map(
    (picture): Journey => ({ picture, imageId: undefined, reached: {}, refused: undefined }),
  );
  const waiting = [...journeys];
  const moving = new Set<Journey>();
  board.say(heading());
  board.watch(moving);
  const worker = async () => {
    for (let journey = waiting.shift(); journey; journey = waiting.shift()) {
      moving.add(journey);
      await travel(journey, surroundings);
      moving.delete(journey);
      board.arrived(journey);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return journeys;
}

/** Looks into the index again and again, for all pictures at once: nothing announces what is searchable. */
function watchIndex(user: User, tag: string) {
  const seen = new Set<string>();
  const waiting = new Map<string, () => void>();
  const look = async () => {
    const { body, status } = await user.get<SearchPage>(
      `/v1/search?tag=${tag}&sort=newest&limit=100`,
    );
    if (status !== 200) return;
    for (const { imageId } of body.items) {
      seen.add(imageId);
      waiting.get(imageId)?.();
      waiting.delete(imageId);
    }
  };
  let stopped = false;
  const loop = async () => {
    while (!stopped) {
      if (waiting.size > 0) await look().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, SEARCH_EVERY));
    }
  };
  void loop();
  return {
    found: (imageId: string) => {
      if (seen.has(imageId)) return Promise.resolve();
      return new Promise<void>((resolve, reject) => {
        const late = setTimeout(
          () => reject(new Error(`The picture ${imageId} is ready and yet not found by a search.`)),
          FOUND_WITHIN,
        );
        waiting.set(imageId, () => {
          clearTimeout(late);
          resolve();
        });
      });
    },
    stop: () => {
      stopped = true;
    },
  };
}

function title(text: string, more = ""): void {
  process.stdout.write(
    `\n${styleText(["bold", "cyan"], text)}${more && `  ${styleText("dim", more)}`}\n`,
  );
}
