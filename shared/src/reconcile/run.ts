import type { Logger } from "../log.ts";
import type { Check, Cursor, Finding } from "./check.ts";

/** What is asked for. The clock's own run is called `scheduled`, repairs, and begins anew when it has ended. */
export interface Request {
  id: string;
  dryRun: boolean;
  /** The ARN of who asked; the clock has none. */
  askedBy?: string;
}

/** The clock's own: it repairs. */
export const SCHEDULED: Request = { id: "scheduled", dryRun: false };

export interface Count {
  looked: number;
  found: number;
  repaired: number;
  /** Repairs that went wrong; the next run tries them again. */
  failed: number;
}

/** A reconciliation as it is kept: what it found so far, and where it goes on. */
export interface Run extends Request {
  status: "asked" | "running" | "paused" | "finished";
  /** ISO 8601. */
  startedAt: string;
  updatedAt: string;
  /** Index of the check that is under way, and its cursor. */
  check: number;
  cursor?: Cursor;
  counts: Record<string, Count>;
}

export interface ReportLine extends Finding {
  check: string;
  repaired: boolean;
}

export interface RunStore {
  /** Begins or goes on with a run; undefined when it has ended, or somebody else is at it. */
  take(request: Request, now: number): Promise<Run | undefined>;
  /** Keeps a page's findings and how far the run is; false when somebody else has taken it over. */
  save(run: Run, lines: ReportLine[], now: number): Promise<boolean>;
}

/** Milliseconds that one call of the function works; what is left is for its last page (it has 15 minutes). */
const BUDGET = 600_000;

/** Milliseconds of work that a crash costs at most. */
const SAVED_EVERY = 10_000;

/**
 * Compares what a service has with what it should have. Asked again, it goes on where it was
 * interrupted, by a crash or because its time was up (`paused`).
 */
export async function reconcile(
  request: Request,
  deps: { checks: Check[]; store: RunStore; log: Logger; now: () => number },
): Promise<Run | undefined> {
  const { checks, store, now } = deps;
  const started = now();
  let saved = started;
  const run = await store.take(request, started);
  if (!run) return undefined;
  const log = deps.log.child({ reconciliation: run.id, dryRun: run.dryRun });
  for (let check = checks[run.check]; check; check = checks[run.check]) {
    const page = await check.page(run.cursor);
    const count = run.counts[check.name] ?? { looked: 0, found: 0, repaired: 0, failed: 0 };
    run.counts[check.name] = count;
    count.looked += page.looked;
    count.found += page.findings.length;
    const lines: ReportLine[] = [];
    for (const finding of page.findings) {
      const repaired = !run.dryRun && (await repair(check, finding, count, log));
      if (repaired) count.repaired += 1;
      const { subject, why } = finding;
      lines.push({ check: check.name, subject, why, repaired });
      log.warn({ check: check.name, subject, why, repaired }, "something is not as it should be");
    }
    run.cursor = page.next;
    if (!page.next) run.check += 1;
    const ended = run.check === checks.length;
    run.status = ended ? "finished" : now() - started > BUDGET ? "paused" : "running";
    const worthIt = lines.length > 0 || run.status !== "running" || now() - saved > SAVED_EVERY;
    if (worthIt && !(await store.save(run, lines, now()))) return undefined;
    if (worthIt) saved = now();
    if (run.status === "paused") break;
  }
  log.info({ status: run.status, counts: run.counts }, "reconciled");
  return run;
}

/** One that goes wrong keeps no other from being put right. */
async function repair(check: Check, finding: Finding, count: Count, log: Logger): Promise<boolean> {
  try {
    return (await check.repair?.(finding)) ?? false;
  } catch (error) {
    count.failed += 1;
    log.error({ err: error, check: check.name, subject: finding.subject }, "a repair went wrong");
    return false;
  }
}
