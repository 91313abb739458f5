import { newDataFolder, removeDataFolder } from "../../../e2e/system.ts";
import type { Finding, Row, RowOptions } from "../finding.ts";
import { alternate } from "../measure/alternate.ts";
import { type Ask, load } from "../measure/load.ts";
import { quantile, ratioOf, spreadOf } from "../measure/statistics.ts";
import { peerVersion } from "../peers.ts";
import { type MeasuredServer, startMeasured } from "../stand/measured-server.ts";
import { startStoreAlone } from "../stand/store-alone.ts";

const CLIENTS = [1, 16, 64];

/** All answer over plain HTTP from one process without an authorizer; the stores' own time is not theirs. */
export const presigning: Row = {
  name: "presigning",
  title: "`POST /v1/uploads` against `GET /s3/params` of @uppy/companion",
  async measure(options) {
    const folder = newDataFolder();
    const store = await startStoreAlone(folder);
    const servers = {
      ours: await startMeasured("function-server.ts", folder, "upload", "api"),
      companion: await startMeasured("companion-server.ts", folder),
      transaction: await startMeasured("transaction-server.ts", folder),
    };
    try {
      return await compare(servers, options);
    } finally {
      await Promise.all(Object.values(servers).map((server) => server.stop()));
      await store.stop();
      removeDataFolder(folder);
    }
  },
};

type Who = "ours" | "companion" | "transaction";

async function compare(
  servers: Record<Who, MeasuredServer>,
  { quick, say }: RowOptions,
): Promise<Finding[]> {
  const asks = requests(servers);
  const [rounds, count] = quick ? [3, 100] : [7, 200];
  // Until the code is compiled, it is the compiler that is measured.
  for (const ask of Object.values(asks)) await load(ask, count * 5, 16);
  const findings: Finding[] = [];
  for (const clients of CLIENTS) {
    say(`${clients} at a time`);
    const took: Record<Who, number[]> = { ours: [], companion: [], transaction: [] };
    const round = (who: Who) => async () => {
      const before = await servers[who].cpu();
      took[who].push(...(await load(asks[who], count, clients)));
      return ((await servers[who].cpu()) - before) / count;
    };
    const latency = (who: Who) =>
      `p50 ${quantile(took[who], 0.5).toFixed(1)} ms, p99 ${quantile(took[who], 0.99).toFixed(1)} ms`;
    const against = async (peer: Who, name: string) => {
      const cpu = await alternate(rounds, { ours: round("ours"), peer: round(peer) });
      return {
        ours: { ...spreadOf(cpu.ours), unit: "ms" },
        peer: { ...spreadOf(cpu.peer), unit: "ms", name },
        ratio: ratioOf(cpu),
      };
    };
    findings.push({
      what: `processor time per request, ${clients} at a time`,
      ...(await against("companion", `@uppy/companion ${peerVersion("@uppy/companion")}`)),
      target: { atMost: 1 },
      note: `${latency("ours")}, against ${latency("companion")}; ours also writes the session and takes it from the quota, in one transaction`,
    });
    findings.push({
      what: `the same against the transaction alone, ${clients} at a time`,
      ...(await against("transaction", "the SDK's TransactWriteCommand")),
      note: "what it costs with the SDK to store a session and do nothing else: what stands between the row above and its target",
    });
  }
  return findings;
}

function requests(servers: Record<Who, MeasuredServer>): Record<Who, Ask> {
  const post = {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ contentType: "image/jpeg", size: 2_481_337, fileName: "harbour.jpg" }),
    status: 201,
  };
  return {
    ours: { ...post, url: `${servers.ours.url}/v1/uploads` },
    transaction: { ...post, url: servers.transaction.url },
    companion: {
      url: `${servers.companion.url}/s3/params?filename=harbour.jpg&type=image%2Fjpeg`,
      headers: { Origin: "http://localhost" },
      status: 200,
    },
  };
}
