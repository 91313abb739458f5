import { setTimeout as pause } from "node:timers/promises";
import { signIn, type User } from "../../../e2e/client.ts";
import { openTables, putImages, storedImage } from "../../../e2e/stored-images.ts";
import { newDataFolder, removeDataFolder, startSystem } from "../../../e2e/system.ts";
import { exactly, type Finding, type Row } from "../finding.ts";
import { loggedMetric } from "../measure/log-metrics.ts";
import { processorTime, timeBetween } from "../measure/processor-time.ts";
import { quantile } from "../measure/statistics.ts";

const OWNERS = 20;
/** Images of one write; each has its time when it is its turn, as the lags count from there. */
const AT_ONCE = 25;

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
      const began = Date.now();
      const before = processorTime(system);
      const write = Promise.all(
        users.map(async ({ id }) => {
          for (let n = 0; n < count / OWNERS; n += AT_ONCE) {
            const some = Array.from({ length: AT_ONCE }, () => storedImage(id, ["burst"]));
            await putImages(tables.documents, some);
          }
        }),
      );
      await write;
      const written = Date.now();
      const missing = count - (await foundOf(users));
      // One owner after the other, and not often: who asks takes the processor from what is measured.
      for (const user of users) {
        while ((await foundOf([user])) < count / OWNERS) await pause(100);
      }
      const all = Date.now();
      const taken = timeBetween(before, processorTime(system));
      const relay = loggedMetric(folder, "catalog", "RelayLag", began);
      const projector = loggedMetric(folder, "search", "ProjectorLag", began);
      const after = (time: number | undefined) => ((time ?? Number.NaN) - began) / 1_000;
      say(
        `written after ${after(written).toFixed(1)} s, all found after ${after(all).toFixed(1)} s`,
      );
      return [
        {
          what: `${count.toLocaleString("en")} changes, from the first write to the last being found`,
          ours: exactly(after(all), "s"),
          note: [
            `${Math.round(count / after(all))} a second`,
            `all written after ${after(written).toFixed(1)} s`,
            `on the bus after ${after(relay.lastAt).toFixed(1)} s`,
            `in the index after ${after(projector.lastAt).toFixed(1)} s`,
          ].join("; "),
        },
        {
          what: "the lag of the last one: found, after all were written",
          ours: exactly((all - written) / 1_000, "s"),
          note: `when the last was written, ${missing.toLocaleString("en")} were not found yet; none was lost`,
        },
        lag("relay", "from the change of the table until its event is on the bus", relay.values),
        lag("projector", "from the change until it is in the index", projector.values),
        {
          what: "processor time for a change, all processes together",
          ours: exactly(Object.values(taken).reduce((sum, ms) => sum + ms, 0) / count, "ms"),
          note: Object.entries(taken)
            .filter(([, ms]) => ms / count >= 0.005)
            .sort(([, one], [, other]) => other - one)
            .map(([part, ms]) => `${part} ${(ms / count).toFixed(2)}`)
            .join(", "),
        },
      ];
    } finally {
      tables.client.destroy();
      await system.stop();
      removeDataFolder(folder);
    }
  },
};

function lag(part: string, meaning: string, values: number[]): Finding {
  return {
    what: `the ${part}'s lag, p99`,
    ours: exactly(quantile(values, 0.99), "ms"),
    note: `p50 ${Math.round(quantile(values, 0.5))} ms; ${meaning}, as the service measures it`,
  };
}

async function foundOf(users: User[]): Promise<number> {
  const totals = await Promise.all(
    users.map(async (user) => {
      const { status, body } = await user.get<{ total: number }>("/v1/search?limit=1&tag=burst");
      return status === 200 ? body.total : 0;
    }),
  );
  return totals.reduce((sum, total) => sum + total, 0);
}
