import { styleText } from "node:util";
import type { Image, Page, SearchPage, User } from "../client.ts";
import { eventually } from "../eventually.ts";
import type { Facts } from "../facts.ts";
import { flipped, withParameter } from "../signed-url.ts";
import { size, time } from "./board.ts";
import { type Journey, wordsOf } from "./journey.ts";

type Say = (line: string) => void;

/** Asks for what was uploaded in every way there is, and says what came. Throws when something is not there. */
export async function showWhatIsFound(user: User, tag: string, journeys: Journey[], say: Say) {
  const ready = journeys.filter(({ refused }) => !refused);
  const [example] = ready;
  if (!example) return;
  const list = async (query: string) => {
    const path = `/v1/images?${query}`;
    const { items } = (await user.get<Page<Image>>(path)).body;
    say(entry(`GET ${path}`, `${count(items.length)}: ${names(items)}`));
    return items;
  };

  const oldest = (await list("limit=3")).at(-1);
  if (!oldest) throw new Error("The pictures are not in the list.");
  const word = wordsOf(example.picture.name)[0] ?? tag;
  await list(`tag=${encodeURIComponent(word)}`);
  await list(`from=${oldest.uploadedAt}`);

  const words = encodeURIComponent(wordsOf(example.picture.name).slice(0, 2).join(" "));
  const path = `/v1/search?q=${words}&tag=${tag}`;
  const found = (await user.get<SearchPage>(path)).body;
  if (!found.items?.some(({ imageId }) => imageId === example.imageId)) {
    throw new Error(`GET ${path} does not find ${example.picture.name}.`);
  }
  say(entry(`GET ${path}`, `${count(found.total)}: ${names(found.items)}`));

  const facetsPath = `/v1/search?tag=${tag}&facets=tags,months&limit=1`;
  const { facets } = (await user.get<SearchPage>(facetsPath)).body;
  const tags = (facets?.tags ?? []).filter((facet) => facet.tag !== tag).slice(0, 6);
  const months = (facets?.months ?? []).map(({ month, count: n }) => `${month} ${n}`);
  say(
    entry(`GET ${facetsPath}`, [...tags.map((f) => `${f.tag} ${f.count}`), ...months].join(" · ")),
  );
}

/** Fetches a rendition by its signed URL, then with one character of it changed. */
export async function showSignedUrl(user: User, imageId: string, say: Say): Promise<void> {
  const { body: image } = await user.get<Image>(`/v1/images/${imageId}`);
  const rendition = image.renditions.find(({ name }) => name === "medium");
  if (!rendition) throw new Error(`The picture ${imageId} has no rendition "medium".`);
  const started = performance.now();
  const response = await fetch(rendition.url);
  const bytes = (await response.arrayBuffer()).byteLength;
  if (response.status !== 200) throw new Error(`The CDN answered ${response.status}.`);
  const type = response.headers.get("content-type");
  const { width, height } = rendition;
  say(
    entry(
      `${rendition.url.slice(0, 98)}…`,
      `200 ${type}, ${width}×${height}, ${size(bytes)} in ${time(performance.now() - started)}`,
    ),
  );
  const refused = await fetch(withParameter(rendition.url, "Signature", flipped));
  await refused.arrayBuffer();
  if (refused.status !== 403) throw new Error(`A forged URL was answered with ${refused.status}.`);
  say(entry("the same, one character of the signature changed", "403"));
}

/** Deletes a picture and waits until nothing of it is left anywhere. */
export async function showDeletion(
  user: User,
  facts: Facts,
  journey: Journey,
  say: Say,
): Promise<void> {
  const { imageId = "", picture } = journey;
  const { body: image } = await user.get<Image>(`/v1/images/${imageId}`);
  const original = (await user.get<{ url: string }>(`/v1/images/${imageId}/url`)).body.url;
  const started = performance.now();
  const since = (at = performance.now()) => time(at - started);

  const { status } = await user.call("DELETE", `/v1/images/${imageId}`);
  if (status !== 204) throw new Error(`DELETE was answered with ${status}.`);
  say(entry(`DELETE /v1/images/${imageId}`, `204 after ${since()} (${picture.name})`));
  const gone = await user.get(`/v1/images/${imageId}`);
  if (gone.status !== 404) throw new Error("The deleted picture is still there.");
  say(entry("  GET of the same", `404 after ${since()}`));

  const [{ at: originalGone }, { at: renditionsGone }] = await Promise.all([
    facts.about(imageId, ({ type }) => type === "OriginalDeleted"),
    facts.about(imageId, ({ type }) => type === "RenditionsDeleted"),
  ]);
  await eventually(
    async () => (await user.get<SearchPage>("/v1/search?limit=100")).body.items ?? [],
    (items) => items.every((item) => item.imageId !== imageId),
  );
  const unfindable = since();
  for (const address of [original, ...image.renditions.map(({ url }) => url)]) {
    const answer = await fetch(address);
    await answer.arrayBuffer();
    if (answer.status !== 403) throw new Error(`${address} still answers ${answer.status}.`);
  }
  say(entry("  original, all versions", `gone after ${since(originalGone)}`));
  say(entry(`  ${image.renditions.length} renditions`, `gone after ${since(renditionsGone)}`));
  say(entry("  search", `no longer found after ${unfindable}`));
  say(entry("  the signed URLs that still run", "403, every one"));
}

function entry(question: string, answer: string): string {
  return `  ${question}\n    ${styleText("green", "→")} ${answer}`;
}

function names(items: (Image & { fileName?: string })[]): string {
  const shown = items.slice(0, 4).map(({ fileName, imageId }) => fileName ?? imageId);
  return `${shown.join(", ")}${items.length > shown.length ? ", …" : ""}`;
}

function count(n: number): string {
  return n === 1 ? "1 picture" : `${n} pictures`;
}
