import { unmarshall } from "@aws-sdk/util-dynamodb";
import { toRecord } from "@shoebox/catalog/adapters/image-item";
import type { ImageRecord } from "@shoebox/catalog/domain/image-record";
import { isJob } from "@shoebox/processing/adapters/jobs-table";
import { Job } from "@shoebox/processing/domain/job";
import type { Document } from "@shoebox/search/domain/document";
import { READ_ALIAS } from "@shoebox/search/domain/index-name";
import { isSession } from "@shoebox/upload/adapters/session-item";
import { Session } from "@shoebox/upload/domain/session";
import type { Story } from "../clients/story.ts";
import type { Bucket } from "../s3/bucket.ts";
import type { World } from "../world/world.ts";

/** All that is stored anywhere, as one who sees everything reads it. */
export interface State {
  stories: Story[];
  sessions: Map<string, Session>;
  images: Map<string, ImageRecord>;
  jobs: Map<string, Job>;
  documents: Map<string, Document>;
  originals: Bucket;
  processed: Bucket;
  items: { upload: Record<string, unknown>[]; catalog: Record<string, unknown>[] };
  /** Items that are not what their service takes them for. */
  unreadable: string[];
  /** What the trace calls an image. */
  name(imageId: string): string;
}

export type Invariant = (state: State) => string[];

export async function readState(world: World, stories: Story[]): Promise<State> {
  const itemsOf = (service: string) =>
    world
      .table(service)
      .items()
      .map((item) => unmarshall(item as never) as Record<string, unknown>);
  const unreadable: string[] = [];
  const read = <T>(
    schema: { safeParse(item: unknown): { success: true; data: T } | { success: false } },
    item: Record<string, unknown>,
  ): T[] => {
    const parsed = schema.safeParse(item);
    if (parsed.success) return [parsed.data];
    unreadable.push(`${item.PK} ${item.SK}`);
    return [];
  };
  const upload = itemsOf("upload");
  const catalog = itemsOf("catalog");
  const names = new Map(stories.map((story) => [story.imageId, story.name]));
  const byImage = <T extends { imageId: string }>(all: T[]) =>
    new Map(all.map((one) => [one.imageId, one]));
  return {
    stories,
    sessions: byImage(upload.filter(isSession).flatMap((item) => read(Session, item))),
    images: byImage(catalog.flatMap((item) => toRecord(item) ?? [])),
    jobs: byImage(
      itemsOf("processing")
        .filter(isJob)
        .flatMap((item) => read(Job, item)),
    ),
    documents: byImage(await documents(world)),
    originals: world.bucket("originals"),
    processed: world.bucket("processed"),
    items: { upload, catalog },
    unreadable,
    name: (imageId) => names.get(imageId) ?? imageId,
  };
}

async function documents({ search }: World): Promise<Document[]> {
  const ask = (method: string, path: string, body: string) =>
    search.answer({ method, path, query: "", body: Buffer.from(body) });
  const refreshed = await ask("POST", `/${READ_ALIAS}/_refresh`, "");
  // Before the first picture there is no index.
  if (refreshed.status === 404) return [];
  const found = await ask(
    "POST",
    `/${READ_ALIAS}/_search`,
    '{"size":10000,"query":{"match_all":{}}}',
  );
  if (found.status !== 200) throw new Error(`The index can't be read: ${found.body}`);
  const answer = JSON.parse(found.body ?? "") as { hits: { hits: { _source: Document }[] } };
  return answer.hits.hits.map(({ _source }) => _source);
}
