import { setTimeout as pause } from "node:timers/promises";
import { signIn, type User } from "../../../e2e/client.ts";
import { openTables, putImages, storedImage } from "../../../e2e/stored-images.ts";
import { newDataFolder, removeDataFolder, startSystem } from "../../../e2e/system.ts";
import { exactly, type Row } from "../finding.ts";

const OWNERS = 20;

/** Written into the catalog's table as the catalog would have; relay, bus, queue and projector do the rest. */
export const burst: Row = {
  name: "burst",
  title: "a burst of 10,000 changes of the catalog, until the last one is searchable",
  async measure({ quick, say }) {
    const count = quick ? 2_000 : 10_000;
    const folder = newDataFolder();
    const system = await startSystem(folder);
    const tables = openTables(folder);
    try {
      const users = await Promise.all(
        Array.from({ length: OWNERS }, (_, n) => signIn(system.url, `owner-${n}`)),
      );
      // The first index comes into being with the first image.
      await putImages(tables.documents, [storedImage("somebody", ["first"])]);
      const began = performance.now();
      const write = Promise.all(
        users.map(({ id }) =>
          putImages(
            tables.documents,
            Array.from({ length: count / OWNERS }, () => storedImage(id, ["burst"])),
          ),
        ),
      );
      let written = 0;
      write.then(() => {
        written = performance.now() - began;
      });
      let most = 0;
      for (let found = 0; found < count; ) {
        await pause(250);
        found = await totalOf(users);
        if (written > 0) most = Math.max(most, count - found);
      }
      const took = (performance.now() - began) / 1_000;
      say(`written after ${(written / 1000).toFixed(1)} s, all found after ${took.toFixed(1)} s`);
      return [
        {
          what: `${count.toLocaleString("en")} changes, from the first write to the last being found`,
          ours: exactly(took, "s"),
          note: `${Math.round(count / took)} a second through stream, relay, bus, queue and projector; the writes themselves took ${(written / 1000).toFixed(1)} s`,
        },
        {
          what: "the lag of the last one: found, after all were written",
          ours: exactly(took - written / 1000, "s"),
          note: `when the last was written, ${most.toLocaleString("en")} were not found yet; none was lost`,
        },
      ];
    } finally {
      tables.client.destroy();
      await system.stop();
      removeDataFolder(folder);
    }
  },
};

async function totalOf(users: User[]): Promise<number> {
  const totals = await Promise.all(
    users.map(async (user) => {
      const { status, body } = await user.get<{ total: number }>("/v1/search?limit=1&tag=burst");
      return status === 200 ? body.total : 0;
    }),
  );
  return totals.reduce((sum, total) => sum + total, 0);
}
