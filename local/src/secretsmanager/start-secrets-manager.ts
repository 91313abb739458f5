import { createServer, type IncomingMessage } from "node:http";
import { listen } from "../listen.ts";
import { ACTIONS } from "./actions.ts";
import { SecretFiles } from "./secret-files.ts";
import { SecretsError } from "./secrets-error.ts";

const MOST_BODY_BYTES = 1_048_576;

export interface LocalSecretsManager {
  url: string;
  port: number;
  close(): Promise<void>;
}

/** Starts Secrets Manager (AWS JSON 1.1) on 127.0.0.1; secrets are files of mode 0600 under `dataDir`. */
export async function startSecretsManager(options: {
  dataDir: string;
  port?: number;
  /** Milliseconds since the epoch. */
  now?: () => number;
}): Promise<LocalSecretsManager> {
  const now = options.now ?? Date.now;
  const files = new SecretFiles(options.dataDir);

  async function answer(request: IncomingMessage): Promise<[number, Record<string, unknown>]> {
    try {
      const target = String(request.headers["x-amz-target"] ?? "");
      const [service, name = ""] = target.split(".");
      const action =
        service === "secretsmanager" && request.method === "POST" ? ACTIONS[name] : undefined;
      if (!action) {
        throw new SecretsError(
          "NotImplemented",
          `The local Secrets Manager does not support ${target || request.url}.`,
          501,
        );
      }
      return [200, action(JSON.parse(await bodyOf(request)), files, now())];
    } catch (error) {
      if (error instanceof SecretsError)
        return [error.status, { __type: error.code, Message: error.message }];
      if (error instanceof SyntaxError)
        return [400, { __type: "SerializationException", Message: "The body is not JSON." }];
      return [500, { __type: "InternalServiceError", Message: String(error) }];
    }
  }

  const server = createServer(async (request, response) => {
    const [status, body] = await answer(request);
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify(body));
  });
  return listen(server, options.port);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BODY_BYTES)
      throw new SecretsError("LimitExceededException", "The request is too long.", 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
