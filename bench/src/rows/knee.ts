import { availableParallelism } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { askForForm, sendForm, signIn, type User } from "../../../e2e/client.ts";
import { smallPicture } from "../../../e2e/pictures.ts";
import { newDataFolder, removeDataFolder, startSystem } from "../../../e2e/system.ts";
import { exactly, type Finding, type Row } from "../finding.ts";
import { type ProcessorTime, processorTime, timeBetween } from "../measure/processor-time.ts";
import { quantile } from "../measure/statistics.ts";

const USERS = 40;
/** Requests a second, until the answers no longer come in time. */
const RATES = [20, 40, 80, 160, 320, 640];
/** What the requirements allow a metadata operation at p99, ms. */
const IN_TIME = 300;
/** Requests under way above which no more are sent: past the knee, more only wait longer. */
const MOST_WAITING = 600;

type Kind = "read" | "list" | "search" | "form" | "upload" | "delete";
/** Of a hundred requests. */
const MIX: [Kind, number][] = [
  ["read", 45],
  ["list", 20],
  ["search", 20],
  ["form", 11],
  ["upload", 3],
  ["delete", 1],
];

/** Images by what the load does with them, each with its owner. */
interface Images {
  uploaded: [User, string][];
  /** Ready, and there to be deleted. */
  doomed: [User, string][];
  /** Of which the API has said that they are. */
  deleted: [User, string][];
}

interface Answers {
  took: number[];
  statuses: Map<number, number>;
  notSent: number;
}

/** Requests come by the clock, whether the ones before are answered or not, as they do from people. */
export const knee: Row = {
  name: "knee",
  title: "a mixed load at a rising rate, on the whole system on this machine",
  async measure({ quick, say }) {
    const seconds = quick ? 4 : 10;
    const folder = newDataFolder();
    const system = await startSystem(folder);
    try {
      const users = await Promise.all(Array.from({ length: USERS }, () => signIn(system.url)));
      const bytes = await smallPicture(40);
      const images = await Promise.all(users.map((user) => send(user, bytes)));
      await settled(users, images);
      const done: Images = { uploaded: [], doomed: [], deleted: [] };
      while (done.doomed.length < deletesOf(seconds)) {
        const more = await Promise.all(users.map((user) => send(user, bytes)));
        done.doomed.push(...users.map((user, n): [User, string] => [user, more[n] ?? ""]));
        await settled(users, more);
      }
      const findings: Finding[] = [];
      for (const rate of RATES) {
        const before = processorTime(system);
        const began = performance.now();
        const answers = await drive(rate, seconds, (n) => act(n, users, images, bytes, done));
        const taken = timeBetween(before, processorTime(system));
        const finding = report(rate, seconds, answers);
        finding.note += `; ${shares(taken, performance.now() - began)}`;
        say(`${finding.what}: p99 ${Math.round(finding.ours.median)} ms`);
        findings.push(finding);
        if (finding.ours.median > IN_TIME * 3 || answers.notSent > 0) break;
      }
      const began = performance.now();
      const { uploaded } = done;
      const count = uploaded.length;
      await settled(
        uploaded.map(([user]) => user),
        uploaded.map(([, imageId]) => imageId),
      );
      await areGone(done.deleted);
      const took = (performance.now() - began) / 1000;
      const quiet = await drive(RATES[0] ?? 1, seconds, (n) => act(n, users, images, bytes, done));
      return [
        ...findings,
        {
          what: `afterwards: ${count} uploads made meanwhile are all ready, ${done.deleted.length} deleted images are gone`,
          ours: exactly(took, "s"),
          note: "counted, not assumed: each one was asked for, and each deleted one is in no search of its owner either",
        },
        { ...report(RATES[0] ?? 1, seconds, quiet), what: "and the first rate again, p99" },
      ];
    } finally {
      await system.stop();
      removeDataFolder(folder);
    }
  },
};

async function drive(
  rate: number,
  seconds: number,
  one: (n: number) => Promise<number>,
): Promise<Answers> {
  const answers: Answers = { took: [], statuses: new Map(), notSent: 0 };
  const under = new Set<Promise<void>>();
  const began = performance.now();
  for (let n = 0; n < rate * seconds; n++) {
    const due = began + (n * 1_000) / rate;
    const early = due - performance.now();
    if (early > 1) await pause(early);
    if (under.size >= MOST_WAITING) {
      answers.notSent += 1;
      continue;
    }
    // From when it was due: a sender that falls behind is a wait as well.
    const work = one(n)
      .catch(() => 0)
      .then((status) => {
        answers.took.push(performance.now() - due);
        answers.statuses.set(status, (answers.statuses.get(status) ?? 0) + 1);
        under.delete(work);
      });
    under.add(work);
  }
  await Promise.all(under);
  return answers;
}

function report(rate: number, seconds: number, { took, statuses, notSent }: Answers): Finding {
  const bad = [...statuses].filter(([status]) => status === 0 || status >= 400);
  const counts = [...statuses].map(([status, count]) => `${count} × ${status || "no answer"}`);
  const p99 = quantile(took, 0.99);
  return {
    what: `${rate} requests a second: p99`,
    ours: exactly(p99, "ms"),
    note: [
      `p50 ${Math.round(quantile(took, 0.5))} ms`,
      `${counts.join(", ")} in ${seconds} s`,
      ...(bad.length === 0 ? ["no error"] : []),
      ...(notSent > 0 ? [`${notSent} not sent, ${MOST_WAITING} were waiting`] : []),
    ].join("; "),
  };
}

/** One request of the mix, always the same for the same number; resolves with its status. */
async function act(
  n: number,
  users: User[],
  images: string[],
  bytes: Buffer,
  { uploaded, doomed, deleted }: Images,
): Promise<number> {
  const at = n % users.length;
  const user = users[at];
  if (!user) throw new Error("There are no users.");
  switch (kindOf(n)) {
    case "read":
      return (await user.get(`/v1/images/${images[at]}`)).status;
    case "list":
      return (await user.get("/v1/images?limit=50")).status;
    case "search":
      return (await user.get("/v1/search?sort=newest")).status;
    case "form":
      return (
        await user.call("POST", "/v1/uploads", {
          body: { contentType: "image/jpeg", size: 100_000 },
        })
      ).status;
    case "upload":
      uploaded.push([user, await send(user, bytes)]);
      return 201;
    case "delete": {
      const [owner, imageId] = doomed.pop() ?? [];
      if (!owner || !imageId) throw new Error("There is nothing left to delete.");
      const { status } = await owner.call("DELETE", `/v1/images/${imageId}`);
      if (status === 204) deleted.push([owner, imageId]);
      return status;
    }
  }
}

/** More deletes than all rates and the first again can ask for. */
function deletesOf(seconds: number): number {
  const share = MIX.find(([kind]) => kind === "delete")?.[1] ?? 0;
  const requests = [...RATES, RATES[0] ?? 0].reduce((sum, rate) => sum + rate * seconds, 0);
  return Math.ceil((requests * share) / 100) + RATES.length;
}

function kindOf(n: number): Kind {
  // 37 and 100 have no common factor: every share of the mix is spread over the hundred.
  let place = (n * 37) % 100;
  for (const [kind, share] of MIX) {
    if (place < share) return kind;
    place -= share;
  }
  return "read";
}

async function send(user: User, bytes: Buffer): Promise<string> {
  const form = await askForForm(user, { contentType: "image/jpeg", size: bytes.length });
  const { status } = await sendForm(form, bytes);
  if (status !== 201) throw new Error(`The object store answered ${status}.`);
  return form.imageId;
}

/** Waits until each of these is ready. @throws Error when one is not within two minutes */
async function settled(users: User[], images: string[]): Promise<void> {
  const until = performance.now() + 120_000;
  for (const [index, imageId] of images.entries()) {
    for (;;) {
      const answer = await users[index]?.get<{ status: string }>(`/v1/images/${imageId}`);
      if (answer?.body.status === "ready") break;
      if (performance.now() > until) throw new Error(`${imageId} was never ready.`);
      await pause(50);
    }
  }
}

/** Waits until each of these is neither read nor found. @throws Error when one is after two minutes */
async function areGone(images: [User, string][]): Promise<void> {
  const until = performance.now() + 120_000;
  for (const [owner, imageId] of images) {
    for (;;) {
      const { status } = await owner.get(`/v1/images/${imageId}`);
      const { body } = await owner.get<{ items?: { imageId: string }[] }>("/v1/search?limit=100");
      if (status === 404 && body.items?.every((item) => item.imageId !== imageId)) break;
      if (performance.now() > until) throw new Error(`${imageId} was deleted and is still there.`);
      await pause(50);
    }
  }
}

/** The share of the machine's processors that each part of the system had, the largest first. */
function shares(taken: ProcessorTime, ms: number): string {
  const capacity = ms * availableParallelism();
  const told = Object.entries(taken)
    .map(([part, time]): [string, number] => [part, Math.round((100 * time) / capacity)])
    .filter(([, percent]) => percent > 0)
    .sort(([, one], [, other]) => other - one)
    .map(([part, percent]) => `${part} ${percent} %`);
  return `of the processors: ${told.join(", ")}`;
}
