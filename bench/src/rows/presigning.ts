import { newDataFolder, removeDataFolder } from "../../../e2e/system.ts";
import type { Finding, Row, RowOptions } from "../finding.ts";
import { alternate } from "../measure/alternate.ts";
import { type Ask, load } from "../measure/load.ts";
import { quantile, ratioOf, spreadOf } from "../measure/statistics.ts";
import { peerVersion } from "../peers.ts";
import { type MeasuredServer, startMeasured } from "../stand/measured-server.ts";
import { startStoreAlone } from "../stand/store-alone.ts";

const CLIENTS = [1, 16, 64];

/** Both answer over plain HTTP from one process without an authorizer; the stores' own time is not theirs. */
export const presigning: Row = {
  name: "presigning",
  title: "`POST /v1/uploads` against `GET /s3/params` of @uppy/companion",
  async measure(options) {
    const folder = newDataFolder();
    const store = await startStoreAlone(folder);
    const ours = await startMeasured("function-server.ts", folder, "upload", "api");
    const peer = await startMeasured("companion-server.ts", folder);
    try {
      return await compare(ours, peer, options);
    } finally {
      await Promise.all([ours.stop(), peer.stop()]);
      await store.stop();
      removeDataFolder(folder);
    }
  },
};

async function compare(
  ours: MeasuredServer,
  peer: MeasuredServer,
  { quick, say }: RowOptions,
): Promise<Finding[]> {
  const name = `@uppy/companion ${peerVersion("@uppy/companion")}`;
  const post: Ask = {
    url: `${ours.url}/v1/uploads`,
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ contentType: "image/jpeg", size: 2_481_337, fileName: "harbour.jpg" }),
    status: 201,
  };
  const get: Ask = {
    url: `${peer.url}/s3/params?filename=harbour.jpg&type=image%2Fjpeg`,
    headers: { Origin: "http://localhost" },
    status: 200,
  };
  const [rounds, requests] = quick ? [3, 100] : [7, 200];
  const findings: Finding[] = [];
  for (const clients of CLIENTS) {
    say(`${clients} at a time`);
    const took = { ours: [] as number[], peer: [] as number[] };
    const round = (who: "ours" | "peer", server: MeasuredServer, ask: Ask) => async () => {
      const before = await server.cpu();
      took[who].push(...(await load(ask, requests, clients)));
      return ((await server.cpu()) - before) / requests;
    };
    // Until the code is compiled, it is the compiler that is measured.
    if (clients === 1) {
      await load(post, requests * 3, 16);
      await load(get, requests * 3, 16);
    }
    const cpu = await alternate(rounds, {
      ours: round("ours", ours, post),
      peer: round("peer", peer, get),
    });
    const latency = (values: number[]) =>
      `p50 ${quantile(values, 0.5).toFixed(1)} ms, p99 ${quantile(values, 0.99).toFixed(1)} ms`;
    findings.push({
      what: `processor time per request, ${clients} at a time`,
      ours: { ...spreadOf(cpu.ours), unit: "ms" },
      peer: { ...spreadOf(cpu.peer), unit: "ms", name },
      ratio: ratioOf(cpu),
      target: { atMost: 1 },
      note: `${latency(took.ours)}, against ${latency(took.peer)}; ours also writes the session and takes it from the quota, in one transaction`,
    });
  }
  return findings;
}
