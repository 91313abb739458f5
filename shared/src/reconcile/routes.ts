import { createRoute, z } from "@hono/zod-openapi";
import type { Queue } from "../aws/queue.ts";
import type { ReconciliationTable } from "../aws/reconciliation-table.ts";
import { AppError } from "../errors.ts";
import { defineOperatorRoute, type Route } from "../http/api.ts";
import { decodeCursor, encodeCursor } from "../http/cursor.ts";
import { problems } from "../http/problem-responses.ts";
import { newImageId } from "../ids.ts";
import { type Run, SCHEDULED } from "./run.ts";

/** What the routes of a service's reconciliations need. */
export interface ReconciliationDeps {
  reconciliations: Pick<ReconciliationTable, "ask" | "find" | "findings">;
  /** The queue of the service's reconciliation. */
  reconcileQueue: Pick<Queue, "send">;
  /** Milliseconds. */
  now: () => number;
}

const example = {
  reconciliationId: "019a9f1e-8000-7a11-9d0a-3f2f6f1d4c58",
  status: "finished" as const,
  repair: false,
  askedBy: "arn:aws:sts::123456789012:assumed-role/operators/ann",
  startedAt: "2026-11-22T12:00:00.000Z",
  updatedAt: "2026-11-22T12:00:41.000Z",
  counts: { "open-sessions": { looked: 1_204, found: 1, repaired: 0, failed: 0 } },
};

const Counts = z.object({
  looked: z.number().int(),
  found: z.number().int(),
  repaired: z.number().int(),
  failed: z.number().int().openapi({ description: "Repairs that went wrong" }),
});

const View = z
  .object({
    reconciliationId: z.string(),
    status: z.enum(["asked", "running", "paused", "finished"]).openapi({
      description: "`paused`: its time was up; it goes on when it is asked for again",
    }),
    repair: z.boolean(),
    askedBy: z.string().optional().openapi({ description: "The clock's own has none" }),
    startedAt: z.string(),
    updatedAt: z.string(),
    counts: z.record(z.string(), Counts).openapi({ description: "By check" }),
  })
  .openapi("Reconciliation", { example });

const findingExample = {
  check: "open-sessions",
  subject: { imageId: "019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55" },
  why: "it is open, and its object is not there",
  repaired: false,
};

const Finding = z
  .object({
    check: z.string(),
    subject: z.record(z.string(), z.union([z.string(), z.number()])).openapi({
      description: "What it is about, by the names that find it",
    }),
    why: z.string(),
    repaired: z.boolean(),
  })
  .openapi("Finding", { example: findingExample });

const Asked = z
  .strictObject({
    repair: z.boolean().default(false).openapi({ description: "Put right what can be" }),
    reconciliationId: z.string().optional().openapi({
      description: "Goes on with this one, which is paused; it repairs as it began to",
    }),
  })
  .openapi("ReconciliationRequest", { example: { repair: false } });

const Path = z.object({
  reconciliationId: z
    .string()
    .openapi({ description: `\`${SCHEDULED.id}\` is the clock's own, the last of them` }),
});

/**
 * The routes by which operators compare what a service has with what it should have, under its base
 * (`/v1/uploads`): ask for a reconciliation, see how far it is, read what it found. It is done by the
 * service's own job; nothing of it happens in the request.
 */
export function reconciliationRoutes(base: string): Route<ReconciliationDeps>[] {
  const path = `${base}/ops/reconciliations`;
  const start = defineOperatorRoute<ReconciliationDeps>()(
    createRoute({
      method: "post",
      path,
      operationId: "startReconciliation",
      summary: "Compare what there is with what there should be",
      description:
        "For operators. Reports, and repairs only when told to. The service does so by itself every hour.",
      request: { body: { required: true, content: { "application/json": { schema: Asked } } } },
      responses: {
        202: {
          description: "It begins, or goes on",
          headers: z.object({ Location: z.string() }),
          content: {
            "application/json": {
              schema: z.object({ reconciliationId: z.string() }).openapi("ReconciliationStarted", {
                example: { reconciliationId: example.reconciliationId },
              }),
            },
          },
        },
        ...problems("invalid-request", "malformed-json", "forbidden", "not-found", {
          conflict: "It has ended, or is the clock's",
        }),
      },
    }),
    async (c, deps) => {
      const { repair, reconciliationId: earlier } = c.req.valid("json");
      const id = earlier ?? newImageId(deps.now());
      if (earlier === undefined) {
        const askedBy = c.get("principal").userId;
        await deps.reconciliations.ask({ id, dryRun: !repair, askedBy }, deps.now());
      } else {
        const run = await findRun(earlier, deps);
        if (run.status === "finished") throw new AppError("conflict", "It has ended.");
        if (run.id === SCHEDULED.id) throw new AppError("conflict", "It belongs to the clock.");
      }
      // Whether it repairs is what was noted when it was asked for.
      await deps.reconcileQueue.send({ reconcile: { id } });
      c.header("Location", `${path}/${id}`);
      return c.json({ reconciliationId: id }, 202);
    },
  );

  const read = defineOperatorRoute<ReconciliationDeps>()(
    createRoute({
      method: "get",
      path: `${path}/{reconciliationId}`,
      operationId: "getReconciliation",
      summary: "How far a reconciliation is, and how much it found",
      description: "For operators.",
      request: { params: Path },
      responses: {
        200: {
          description: "The reconciliation",
          content: { "application/json": { schema: View } },
        },
        ...problems("forbidden", "not-found"),
      },
    }),
    async (c, deps) => {
      const run = await findRun(c.req.valid("param").reconciliationId, deps);
      const { id, status, dryRun, askedBy, startedAt, updatedAt, counts } = run;
      const view = { status, repair: !dryRun, askedBy, startedAt, updatedAt, counts };
      return c.json({ reconciliationId: id, ...view }, 200);
    },
  );

  const findings = defineOperatorRoute<ReconciliationDeps>()(
    createRoute({
      method: "get",
      path: `${path}/{reconciliationId}/findings`,
      operationId: "listFindings",
      summary: "What a reconciliation found, check by check",
      description: "For operators. Kept for 30 days, the first 10,000; the service's log has all.",
      request: {
        params: Path,
        query: z.strictObject({
          limit: z.coerce.number().int().min(1).max(100).default(50),
          cursor: z.string().max(4_096).optional(),
        }),
      },
      responses: {
        200: {
          description: "A page",
          headers: z.object({
            Link: z.string().optional().openapi({ description: 'The next page, `rel="next"`' }),
          }),
          content: {
            "application/json": {
              schema: z
                .object({ items: z.array(Finding), nextCursor: z.string().optional() })
                .openapi("FindingPage", { example: { items: [findingExample] } }),
            },
          },
        },
        ...problems("invalid-request", "invalid-cursor", "forbidden", "not-found"),
      },
    }),
    async (c, deps) => {
      const run = await findRun(c.req.valid("param").reconciliationId, deps);
      const { limit, cursor } = c.req.valid("query");
      const scope = `${path}/${run.id}`;
      const after = cursor === undefined ? undefined : position(cursor, scope);
      const { lines, next } = await deps.reconciliations.findings(run, limit, after);
      const nextCursor = next === undefined ? undefined : encodeCursor(next, scope);
      if (nextCursor) {
        const link = new URL(c.req.url);
        link.searchParams.set("cursor", nextCursor);
        c.header("Link", `<${link.search}>; rel="next"`);
      }
      return c.json({ items: lines, ...(nextCursor && { nextCursor }) }, 200);
    },
  );
  return [start, read, findings];
}

async function findRun(
  id: string,
  { reconciliations }: Pick<ReconciliationDeps, "reconciliations">,
): Promise<Run> {
  const run = await reconciliations.find(id);
  if (run) return run;
  throw new AppError("not-found", "There is no such reconciliation.");
}

function position(cursor: string, scope: string): string {
  const after = decodeCursor<unknown>(cursor, scope);
  if (typeof after === "string" && after !== "") return after;
  throw new AppError("invalid-cursor", "The cursor does not point into this list.");
}
