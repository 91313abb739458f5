import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";
import type { Socket } from "node:dgram";

/**
 * Traces in AWS X-Ray, as far as code can add to what Lambda traces by itself: subsegments, sent to
 * the daemon that Lambda runs beside the function, in the documented format ("AWS X-Ray segment documents").
 * Nothing is sent where there is no daemon, nor for what was not sampled.
 */

/** What a trace can be searched by. No user ids: traces are for everybody who operates the system. */
export type Annotations = Record<string, string | number | boolean>;

interface About {
  annotations?: Annotations;
  /** `aws` for a call of AWS, with what it was. */
  namespace?: "aws";
  aws?: Record<string, string>;
}

/** Where in which trace something happens. */
interface Place {
  traceId: string;
  parentId: string;
}

/** Says that what follows is a subsegment as a document of its own. */
const HEADER = `${JSON.stringify({ format: "json", version: 1 })}\n`;

const place = new AsyncLocalStorage<Place>();
let socket: Socket | undefined;

/** Runs the work as a subsegment of the function's segment, or of the subsegment that it is part of. */
export async function traced<T>(name: string, about: About, work: () => Promise<T>): Promise<T> {
  const here = currentPlace();
  if (!here) return work();
  const id = newId();
  const began = Date.now();
  try {
    const result = await place.run({ ...here, parentId: id }, work);
    await send(here, id, name, { ...about, began });
    return result;
  } catch (error) {
    await send(here, id, name, { ...about, began, error });
    throw error;
  }
}

/** Adds subsegments of something that is over: one for each of many that were done together. */
export async function tracedSince(began: number, name: string, all: () => About[]): Promise<void> {
  const here = currentPlace();
  if (!here) return;
  await Promise.all(all().map((about) => send(here, newId(), name, { ...about, began })));
}

/**
 * Makes a subsegment of each call that an AWS client makes, so that a trace shows what a function waits for.
 *
 * @returns the client
 */
export function tracingCalls<C extends { middlewareStack: object }>(client: C): C {
  // Every client has this stack; its type names all the commands of the one client.
  const stack = client.middlewareStack as unknown as MiddlewareStack;
  stack.add(
    (next, { clientName = "", commandName = "" }) =>
      (args) => {
        if (!currentPlace()) return next(args);
        const operation = commandName.replace(/Command$/, "");
        const { TableName } = args.input as { TableName?: string };
        const aws = { operation, ...(TableName !== undefined && { table_name: TableName }) };
        return traced(clientName.replace(/Client$/, ""), { namespace: "aws", aws }, () =>
          next(args),
        );
      },
    { step: "initialize", name: "trace", override: true },
  );
  return client;
}

interface MiddlewareStack {
  add(
    middleware: (
      next: (args: { input: unknown }) => Promise<unknown>,
      context: { clientName?: string; commandName?: string },
    ) => (args: { input: unknown }) => Promise<unknown>,
    options: { step: "initialize"; name: string; override: boolean },
  ): void;
}

/**
 * Lambda tells a function's trace in a variable that changes with each invocation: `Root=1-…;Parent=…;Sampled=1`.
 * So this is the one place beside the configuration that reads the environment.
 */
function currentPlace(): Place | undefined {
  const inside = place.getStore();
  if (inside) return inside;
  if (process.env.AWS_XRAY_DAEMON_ADDRESS === undefined) return undefined;
  const fields = new Map(
    (process.env._X_AMZN_TRACE_ID ?? "").split(";").map((field): [string, string] => {
      const [key = "", value = ""] = field.split("=");
      return [key, value];
    }),
  );
  const [traceId, parentId] = [fields.get("Root"), fields.get("Parent")];
  if (fields.get("Sampled") !== "1" || !traceId || !parentId) return undefined;
  return { traceId, parentId };
}

function newId(): string {
  return randomBytes(8).toString("hex");
}

/**
 * Resolves when the datagram is out: a function may be frozen as soon as it has answered. What does
 * not get there is lost, as datagrams may be: a trace is no reason to fail.
 */
function send(
  { traceId, parentId }: Place,
  id: string,
  name: string,
  { began, error, ...about }: About & { began: number; error?: unknown },
): Promise<void> {
  const document = {
    name,
    id,
    trace_id: traceId,
    parent_id: parentId,
    type: "subsegment",
    // Seconds since the epoch.
    start_time: began / 1_000,
    end_time: Date.now() / 1_000,
    ...about,
    ...(error !== undefined && { fault: true, cause: causeOf(error) }),
  };
  const [host, port] = (process.env.AWS_XRAY_DAEMON_ADDRESS ?? "").split(":");
  // Loaded by who traces, not by every cold start.
  socket ??= process
    .getBuiltinModule("node:dgram")
    .createSocket("udp4")
    .on("error", () => undefined)
    .unref();
  const sent = Promise.withResolvers<void>();
  socket.send(HEADER + JSON.stringify(document), Number(port), host, () => sent.resolve());
  return sent.promise;
}

function causeOf(error: unknown) {
  const type = error instanceof Error ? error.name : typeof error;
  // Not the message: it may quote what a user wrote.
  return { exceptions: [{ id: newId(), type }] };
}
