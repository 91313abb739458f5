import { createHash } from "node:crypto";
import {
  type Answer,
  type Form,
  type Image,
  type Problem,
  sendForm,
  type User,
} from "../client.ts";
import { eventually } from "../eventually.ts";
import { smallPicture } from "../pictures.ts";
import { patiently } from "./patience.ts";

/** How an upload is to end, whatever happens in between. */
export type End = "ready" | "refused" | "rejected" | "aborted" | "deleted";

/** One upload, as the user who made it remembers it. */
export interface Story {
  number: number;
  user: User;
  imageId: string;
  end: End;
  tags: string[];
  caption: string;
}

/** People at a time; each goes through one story after the other. */
const AT_ONCE = 16;
/** Milliseconds until an image that was sent must be seen, kills and restarts included. */
const SEEN_WITHIN = 300_000;

/** Tells all stories, several at a time; resolves when everything was asked for and answered. */
export async function tellStories(count: number, users: User[]): Promise<Story[]> {
  const stories: Story[] = [];
  let next = 0;
  const person = async () => {
    for (let number = next++; number < count; number = next++) {
      const user = users[number % users.length];
      if (user) stories.push(await tell(number, user));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, person));
  return stories;
}

/** Of twenty-five uploads two are no pictures, one is called off, three are deleted, five are edited; every 360th picture comes again. */
function planOf(number: number): { end: End; edits: number } {
  const kind = number % 25;
  if (kind === 1) return { end: "refused", edits: 0 };
  if (kind === 2) return { end: "rejected", edits: 0 };
  if (kind === 3) return { end: "aborted", edits: 0 };
  if (kind % 8 === 4) return { end: "deleted", edits: kind % 3 };
  return { end: "ready", edits: kind % 5 === 0 ? 2 : 0 };
}

async function bytesOf(number: number, end: End): Promise<Buffer> {
  if (end === "refused") return Buffer.from(`<html>No picture at all, number ${number}.</html>`);
  const picture = await smallPicture(number % 360);
  return end === "rejected" ? picture.subarray(0, picture.length - 60) : picture;
}

async function tell(number: number, user: User): Promise<Story> {
  const { end, edits } = planOf(number);
  const bytes = await bytesOf(number, end);
  const story = { number, user, imageId: "", end, tags: [`n-${number % 7}`], caption: "" };
  const form = await announce(story, bytes);
  story.imageId = form.imageId;
  const upload = `/v1/uploads/${form.imageId}`;
  const image = `/v1/images/${form.imageId}`;
  if (end === "aborted") {
    expectOne(await patiently(() => user.call("DELETE", upload)), 204, 404, 409);
    return story;
  }
  expectOne(await patiently(() => sendForm(form, bytes)), 201);
  if (end === "deleted" || edits > 0) {
    const read = () => patiently(() => user.get<Image>(image));
    await eventually(read, ({ status }) => status === 200, SEEN_WITHIN);
  }
  for (let edit = 1; edit <= edits; edit++) {
    story.tags = [`n-${number % 7}`, `edit-${edit}`];
    story.caption = `the ${edit}. words for ${number}`;
    const body = { tags: story.tags, caption: story.caption };
    expectOne(await editPatiently(user, image, body), 200);
  }
  if (end === "deleted") {
    // 404: it was deleted, and the answer that said so was lost.
    expectOne(await patiently(() => user.call("DELETE", image)), 204, 404);
  }
  return story;
}

async function announce({ user, tags }: Story, bytes: Buffer): Promise<Form> {
  // The same key however often it takes: a lost answer is no second upload.
  const headers = { "Idempotency-Key": crypto.randomUUID() };
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const body = { contentType: "image/jpeg", size: bytes.length, tags, sha256 };
  const answer = await patiently(() => user.call<Form>("POST", "/v1/uploads", { body, headers }));
  expectOne(answer, 201);
  return answer.body;
}

/** A change that meets another one may be told to come again. */
async function editPatiently(user: User, path: string, body: object): Promise<Answer<Problem>> {
  const ask = () => patiently(() => user.call<Problem>("PATCH", path, { body }));
  return eventually(ask, ({ status }) => status !== 409);
}

function expectOne({ status, body }: Answer<unknown>, ...statuses: number[]): void {
  if (statuses.includes(status)) return;
  throw new Error(`Answered ${status}: ${JSON.stringify(body)}`);
}
