import { Readable } from "node:stream";
import { Client, Connection, errors } from "@opensearch-project/opensearch";
import type { SearchAnswer, SearchEngine } from "../search/engine.ts";
import { type Call, ConnectionLost, type Exchange } from "./exchange.ts";
import type { Faults } from "./faults.ts";
import { currentInvocation } from "./invocation.ts";
import type { Mutation } from "./mutation.ts";

interface Params {
  method: string;
  path: string;
  querystring?: string | null;
  body?: string | Buffer | null;
}

/** An OpenSearch client whose connection is the world. */
export function createSearchClient(
  engine: SearchEngine,
  world: { exchange: Exchange; faults: Faults; mutation: Mutation },
): Client {
  const { exchange, faults, mutation } = world;

  function ask(params: Params): Promise<SearchAnswer> {
    const call: Call = {
      store: "search",
      operation: `${params.method} ${params.path}`,
      target: "",
      request: { path: params.path, body: String(params.body ?? "") },
      by: currentInvocation()?.name.split(" ")[0],
    };
    return exchange<SearchAnswer>(call, {
      async perform() {
        mutation.request?.(call);
        const refused = params.path.endsWith("/_bulk") ? refuse(call, faults) : undefined;
        if (refused) return refused;
        const answer = await engine.answer({
          method: params.method,
          path: params.path,
          query: params.querystring ?? "",
          body: Buffer.from(String(call.request.body)),
        });
        mutation.answer?.(call, answer as unknown as Record<string, unknown>);
        return answer;
      },
      busy: () => ({ status: 429, body: problem("es_rejected_execution_exception", 429) }),
      down: () => ({ status: 503, body: problem("service_unavailable_exception", 503) }),
      summary: ({ status, body }) => `${status}${bulkStatuses(body)}`,
    });
  }

  class SimulatedConnection extends Connection {
    override request(
      ...[options, callback]: Parameters<Connection["request"]>
    ): ReturnType<Connection["request"]> {
      ask(options as unknown as Params).then(
        (answer) => {
          const body = Readable.from([Buffer.from(answer.body ?? "")]);
          callback(
            null,
            Object.assign(body, {
              statusCode: answer.status,
              headers: { "content-type": "application/json; charset=UTF-8" },
            }) as never,
          );
        },
        (error: unknown) => {
          if (error instanceof ConnectionLost) {
            callback(new errors.ConnectionError(error.message), null);
          } else callback(error as Error, null);
        },
      );
      return { abort: () => undefined } as never;
    }
  }

  return new Client({
    node: "http://search.sim",
    Connection: SimulatedConnection as unknown as typeof Connection,
    maxRetries: 1,
  });
}

function problem(type: string, status: number): string {
  return JSON.stringify({ error: { type, reason: type }, status });
}

/** A bulk of which the index is too busy for: every document is refused, one by one. */
function refuse(call: Call, faults: Faults): SearchAnswer | undefined {
  if (!faults.is("refusedItem")) return undefined;
  const actions = String(call.request.body)
    .split("\n")
    .filter((line) => line.startsWith('{"index":'));
  const error = { type: "es_rejected_execution_exception", reason: "the queue is full" };
  const items = actions.map(() => ({ index: { status: 429, error } }));
  return { status: 200, body: JSON.stringify({ took: 1, errors: true, items }) };
}

function bulkStatuses(body: string | undefined): string {
  if (!body?.includes('"items"')) return "";
  const { items } = JSON.parse(body) as { items: Record<string, { status: number }>[] };
  return ` [${items.flatMap((item) => Object.values(item).map(({ status }) => status)).join()}]`;
}
