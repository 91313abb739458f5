import { type Check, type Finding, GRACE } from "@shoebox/shared/reconcile/check";
import { lookAt } from "@shoebox/shared/reconcile/look-at";
import type { JobsTable } from "../adapters/jobs-table.ts";
import type { RenditionInventory } from "../adapters/renditions.ts";
import { orphansAmong } from "../domain/orphans.ts";

interface Orphans extends Finding {
  keys: string[];
}

/** Objects in the processed bucket that no job accounts for, a day old at least: what a worker that died left behind. */
export function orphanRenditions(deps: {
  jobs: Pick<JobsTable, "find" | "ownersOf">;
  renditions: RenditionInventory;
  now: () => number;
}): Check<Orphans> {
  const { jobs, renditions, now } = deps;
  const orphansOf = async (imageId: string, keys: string[]) => {
    const [ownerId] = await jobs.ownersOf(imageId);
    const job = ownerId === undefined ? undefined : await jobs.find({ ownerId, imageId });
    return orphansAmong(job, keys);
  };
  return {
    name: "orphan-renditions",

    async page(cursor) {
      const { objects, next } = await renditions.listAll(cursor);
      const old = objects.filter(({ storedAt }) => storedAt <= now() - GRACE);
      const images = [...Map.groupBy(old, ({ imageId }) => imageId)];
      const findings = await lookAt(
        images,
        async ([imageId, own]): Promise<Orphans | undefined> => {
          const orphans = await orphansOf(
            imageId,
            own.map(({ key }) => key),
          );
          const first = orphans?.keys[0];
          if (!orphans || first === undefined) return undefined;
          const subject = { imageId, first, objects: orphans.keys.length };
          return { subject, why: orphans.why, keys: orphans.keys };
        },
      );
      return { looked: objects.length, findings, next };
    },

    async repair({ subject, keys }) {
      const orphans = await orphansOf(String(subject.imageId), keys);
      if (!orphans) return false;
      await renditions.remove(orphans.keys);
      return true;
    },
  };
}
