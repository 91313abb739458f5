import { setTimeout as pause } from "node:timers/promises";
import { count } from "../amounts.ts";
import type { Api } from "../api.ts";
import type { Command, Session } from "../command.ts";
import { ExitCode, Failure } from "../failure.ts";

/** Where each service is asked for its reconciliations. */
const bases = {
  upload: "/v1/uploads",
  catalog: "/v1/images",
  processing: "/v1/processing",
} as const;

/** Milliseconds between two looks at how far it is. */
const LOOK_EVERY = 1_000;

interface Reconciliation {
  reconciliationId: string;
  status: "asked" | "running" | "paused" | "finished";
  repair: boolean;
  startedAt: string;
  updatedAt: string;
  counts: Record<string, { looked: number; found: number; repaired: number; failed: number }>;
}

export const reconcile: Command = {
  name: "reconcile",
  summary: "compare what a service has with what it should have; repairs only when told to",
  words: ["SERVICE"],
  options: {
    repair: { type: "boolean", help: "put right what can be (default: a dry run)" },
    id: { type: "string", value: "ID", help: "go on with a run that was begun before" },
  },
  examples: ["reconcile upload", "reconcile processing --repair", "reconcile catalog --json"],
  async run({ words: [name = ""], options }, session) {
    const base = bases[name as keyof typeof bases];
    if (!base) {
      const known = Object.keys(bases).join(", ");
      throw new Failure(`reconcile knows ${known}, not ${name}.`, ExitCode.misuse);
    }
    const path = `${base}/ops/reconciliations`;
    const { api, screen } = session;
    const id =
      typeof options.id === "string" ? options.id : await ask(api, path, options.repair === true);
    const run = await follow(id, path, session);
    for await (const finding of findings(api, `${path}/${encodeURIComponent(id)}`)) {
      screen.say(JSON.stringify(finding));
    }
    screen.say(JSON.stringify(summary(run)));
    const found = Object.values(run.counts).reduce((sum, one) => sum + one.found, 0);
    return found === 0 ? ExitCode.done : ExitCode.notGood;
  },
};

async function ask(api: Api, path: string, repair: boolean): Promise<string> {
  const begun = await api.operate<Reconciliation>("POST", path, { repair });
  return begun.reconciliationId;
}

/** Until it has ended: a run whose time was up is asked to go on. */
async function follow(id: string, path: string, { api, screen }: Session): Promise<Reconciliation> {
  for (let before: string | undefined; ; await pause(LOOK_EVERY)) {
    const run = await api.operate<Reconciliation>("GET", `${path}/${encodeURIComponent(id)}`);
    if (run.status === "finished") return run;
    if (run.status === "paused" && run.updatedAt !== before) {
      before = run.updatedAt;
      await api.operate("POST", path, { reconciliationId: id });
    }
    const looked = Object.values(run.counts).reduce((sum, one) => sum + one.looked, 0);
    screen.show(`${id}: ${run.status}, ${count(looked)} things looked at`);
  }
}

async function* findings(api: Api, path: string): AsyncGenerator<object> {
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ limit: "100", ...(cursor && { cursor }) });
    const page = await api.operate<{ items: object[]; nextCursor?: string }>(
      "GET",
      `${path}/findings?${query}`,
    );
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor);
}

function summary({ reconciliationId, repair, startedAt, updatedAt, counts }: Reconciliation) {
  return {
    reconciliation: reconciliationId,
    dryRun: !repair,
    startedAt,
    endedAt: updatedAt,
    counts,
  };
}
