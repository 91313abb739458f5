import { setTimeout as pause } from "node:timers/promises";
import { askForForm, sendForm, signIn, type User } from "../../../e2e/client.ts";
import { smallPicture } from "../../../e2e/pictures.ts";
import { newDataFolder, removeDataFolder, startSystem } from "../../../e2e/system.ts";
import { exactly, type Finding, type Row } from "../finding.ts";
import { quantile } from "../measure/statistics.ts";

const USERS = 40;
/** Requests a second, until the answers no longer come in time. */
const RATES = [20, 40, 80, 160, 320, 640];
/** What the requirements allow a metadata operation at p99, ms. */
const IN_TIME = 300;
/** Requests under way above which no more are sent: past the knee, more only wait longer. */
const MOST_WAITING = 600;

type Kind = "read" | "list" | "search" | "form" | "upload";
/** Of a hundred requests. */
const MIX: [Kind, number][] = [
  ["read", 45],
  ["list", 20],
  ["search", 20],
  ["form", 12],
  ["upload", 3],
];

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
      const findings: Finding[] = [];
      const uploaded: [User, string][] = [];
      for (const rate of RATES) {
        const answers = await drive(rate, seconds, (n) => act(n, users, images, bytes, uploaded));
        const finding = report(rate, seconds, answers);
        say(`${finding.what}: p99 ${Math.round(finding.ours.median)} ms`);
        findings.push(finding);
        if (finding.ours.median > IN_TIME * 3 || answers.notSent > 0) break;
      }
      const began = performance.now();
      await settled(
        uploaded.map(([user]) => user),
        uploaded.map(([, imageId]) => imageId),
      );
      const quiet = await drive(RATES[0] ?? 1, seconds, (n) => act(n, users, images, bytes, []));
      return [
        ...findings,
        {
          what: `afterwards: ${uploaded.length} uploads made meanwhile are all ready`,
          ours: exactly((performance.now() - began) / 1000, "s"),
          note: "counted, not assumed: each one was asked for",
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
  uploaded: [User, string][],
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
  }
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
