import { postForm } from "../s3/post-form.ts";
import type { ApiAnswer, ApiRequest } from "../services/api-function.ts";
import { pauseOf } from "../world/ambient.ts";
import type { World } from "../world/world.ts";

export type Request = Partial<ApiRequest> & Pick<ApiRequest, "userId" | "method" | "path">;

/** What browsers and programs do. */
export interface Client {
  /** Asks an API; undefined when no answer came (the process died, or took longer than the gateway waits). */
  ask(service: string, request: Request): Promise<ApiAnswer | undefined>;
  /** The same until there is an answer that is one: none, 429 and 500s are asked again, as is a 409 of a request in flight. */
  insist(service: string, request: Request): Promise<ApiAnswer | undefined>;
  /** Sends a form; the id of the version that came of it, or undefined when the store refused. */
  send(fields: Record<string, string>, bytes: Buffer): Promise<string | undefined>;
  pause(ms: number): Promise<void>;
}

/** Milliseconds between two tries; the last is longer than a request can be in flight. */
const PAUSES = [500, 5_000, 30_000, 65_000];

export function createClient(world: World): Client {
  const { scheduler, functions, faults } = world;
  const pause = (ms: number) => pauseOf(scheduler, ms);

  async function ask(service: string, request: Request): Promise<ApiAnswer | undefined> {
    const spec = world.declared.functions.find(
      (one) => one.service === service && one.name === "api",
    );
    if (!spec) throw new Error(`The programs declare no API of ${service}.`);
    const event = { admin: false, headers: {}, body: undefined, ...request };
    const outcome = await functions.call(spec.arn, event);
    const answer = outcome.kind === "answered" ? (outcome.payload as ApiAnswer) : undefined;
    const words = answer ? `${answer.status}` : "no answer";
    world.trace.add(`${request.userId}: ${request.method} ${request.path} → ${words}`);
    return answer;
  }

  return {
    ask,
    pause,
    async insist(service, request) {
      let answer = await ask(service, request);
      for (const wait of PAUSES) {
        if (answer && answer.status < 500 && answer.status !== 429 && !isInFlight(answer)) break;
        await pause(wait);
        answer = await ask(service, request);
      }
      return answer;
    },
    async send(fields, bytes) {
      for (let tries = 0; tries < 5; tries++) {
        await pause(faults.latency());
        if (faults.isDown("s3")) {
          await pause(20_000);
          continue;
        }
        const bucket = world.bucket("originals");
        const { status } = postForm(bucket, fields, bytes, scheduler.now());
        world.trace.add(`client: POST ${fields.key} → ${status}`);
        return status === 201 ? bucket.versions(fields.key ?? "")[0]?.versionId : undefined;
      }
      return undefined;
    },
  };
}

function isInFlight({ status, body }: ApiAnswer): boolean {
  return status === 409 && String((body as { type?: string } | undefined)?.type).includes("flight");
}
