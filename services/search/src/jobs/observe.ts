import { type Observation, type Proof, replayName, type Suspect } from "../domain/decide.ts";
import { differingOwners, stillBehind } from "../domain/disagreement.ts";
import type { Job, Rebuild } from "../domain/job.ts";
import type { JobDeps } from "./job-deps.ts";

/** Pictures, or owners, that are asked of the index in one go. */
const PAGE = 1_000;
/** Live documents that one round looks into: what an item of the table has room for. More take another round. */
const MOST_SUSPECTS = 2_000;

/** What has to be known for the next step of a job. Reads only. */
export async function observe(job: Job, deps: JobDeps): Promise<Observation> {
  switch (job.phase) {
    case "creating": {
      const read = await readIndex(deps);
      if (job.kind === "comparison" || job.source === "catalog") return { read };
      return { read, archive: { from: await deps.archive.from(deps.now()) } };
    }
    case "filling":
    case "waiting":
    case "catching-up":
    case "draining":
      return job.kind === "rebuild" ? filling(job, deps) : {};
    case "comparing":
      return comparing(job, deps);
    case "proving":
      return proving(job, deps);
    case "swapping":
      return { read: await readIndex(deps) };
    default:
      return {};
  }
}

async function readIndex({ admin }: JobDeps): Promise<Observation["read"]> {
  const index = await admin.readIndex();
  return index === undefined ? undefined : { index, documents: await admin.count(index) };
}

async function filling(job: Rebuild, deps: JobDeps): Promise<Observation> {
  if (job.snapshotId !== undefined) {
    return { snapshot: await deps.snapshots.progress(job.snapshotId) };
  }
  const indexed = await deps.admin.count(job.index);
  switch (job.phase) {
    case "filling":
      return { indexed, replay: await deps.archive.state(replayName(job, 1)) };
    case "catching-up":
      return { indexed, replay: await deps.archive.state(replayName(job, 2)) };
    case "draining":
      return { indexed, waiting: await deps.replayed.depth() };
    default:
      return { indexed };
  }
}

async function comparing(job: Job, deps: JobDeps): Promise<Observation> {
  if (job.snapshotId === undefined) return {};
  const snapshot = await deps.snapshots.progress(job.snapshotId);
  if (!snapshot.complete) return { snapshot };
  const pages = await deps.snapshots.pages(job.snapshotId);
  const owners = pages.flatMap((page) => page.owners);
  const differing = pages.flatMap((page) => page.differing);
  const strangers = await unknownOwners(job.index, new Set(owners.map((o) => o.ownerId)), deps);
  return {
    snapshot,
    compared: {
      owners: owners.length,
      images: owners.reduce((sum, { images }) => sum + images, 0),
      differing: [...differing, ...strangers],
    },
  };
}

/** Owners of whom the index has pictures, and the catalog said nothing. */
async function unknownOwners(
  index: string,
  known: Set<string>,
  { admin }: JobDeps,
): Promise<string[]> {
  const unknown: string[] = [];
  for (let after = ""; ; ) {
    const owners = await admin.owners(index, after, PAGE);
    unknown.push(...owners.filter((ownerId) => !known.has(ownerId)));
    const last = owners.at(-1);
    if (last === undefined || owners.length < PAGE) return unknown;
    after = last;
  }
}

async function proving(job: Job, deps: JobDeps): Promise<Observation> {
  const questions = await deps.snapshots.questions(job);
  if (job.snapshotId === undefined)
    return { proof: { ...NOTHING, owners: ownersToAsk(job, questions) } };
  const snapshot = await deps.snapshots.progress(job.snapshotId);
  if (!snapshot.complete) return { snapshot };
  const pages = await deps.snapshots.pages(job.snapshotId);
  const listed = new Set(pages.flatMap((page) => page.listed));
  const refused = pages.flatMap((page) => page.refused);
  const disagreements = pages.flatMap((page) => page.disagreements);
  if (job.round === 1) {
    const owners = pages.flatMap((page) => page.owners);
    const found = await suspectsOf(job.index, owners, listed, deps);
    return { snapshot, proof: { owners: questions.owners, disagreements, refused, ...found } };
  }
  const suspects = questions.suspects.filter(({ imageId }) => !listed.has(imageId));
  const entries = await deps.admin.look(job.index, [
    ...questions.disagreements.map(({ imageId }) => imageId),
    ...suspects.map(({ imageId }) => imageId),
  ]);
  const has = (imageId: string) => entries.get(imageId);
  // The catalog has nothing of them, and nobody has told the index that they are deleted.
  const forgotten = suspects.filter(({ imageId }) => has(imageId)?.deleted === false);
  return {
    snapshot,
    proof: {
      owners: questions.owners,
      disagreements: [
        ...stillBehind(questions.disagreements, has),
        ...forgotten.map(({ ownerId, imageId, version }) => ({
          kind: "resurrected" as const,
          ownerId,
          imageId,
          indexVersion: version,
        })),
      ],
      refused,
      suspects: forgotten.map((suspect) => ({
        ...suspect,
        version: has(suspect.imageId)?.version ?? suspect.version,
      })),
      more: questions.suspects.length >= MOST_SUSPECTS,
    },
  };
}

const NOTHING: Proof = { owners: [], disagreements: [], suspects: [], more: false, refused: [] };

function ownersToAsk(job: Job, questions: Pick<Proof, "owners" | "disagreements" | "suspects">) {
  if (job.round === 1) return questions.owners;
  const open = [...questions.disagreements, ...questions.suspects];
  return [...new Set(open.map(({ ownerId }) => ownerId))];
}

/** The live documents of these owners that the snapshot did not list. */
async function suspectsOf(
  index: string,
  owners: { ownerId: string; images: number; checksum: number }[],
  listed: Set<string>,
  { admin }: JobDeps,
): Promise<{ suspects: Suspect[]; more: boolean }> {
  await admin.refresh(index);
  const own = await admin.summary(
    index,
    owners.map(({ ownerId }) => ownerId),
  );
  const suspects: Suspect[] = [];
  for (const ownerId of differingOwners(owners, own)) {
    for (let after = ""; ; ) {
      const live = await admin.live(index, ownerId, after, PAGE);
      const unlisted = live.filter(({ imageId }) => !listed.has(imageId));
      suspects.push(...unlisted.map((entry) => ({ ownerId, ...entry })));
      if (suspects.length >= MOST_SUSPECTS) {
        return { suspects: suspects.slice(0, MOST_SUSPECTS), more: true };
      }
      const last = live.at(-1);
      if (last === undefined || live.length < PAGE) break;
      after = last.imageId;
    }
  }
  return { suspects, more: false };
}
