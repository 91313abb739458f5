import { generateKeyPairSync } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "@opensearch-project/opensearch";
import { startTestEngine } from "@shoebox/local/opensearch/engine.testkit";
import { createCdnSigner } from "@shoebox/shared/cdn/signer";
import {
  ImageCataloged,
  ImageDeleted,
  type ImageState,
  ImageUpdated,
} from "@shoebox/shared/events/catalog";
import { createApi } from "@shoebox/shared/http/api";
import { newImageId } from "@shoebox/shared/ids";
import { createLogger } from "@shoebox/shared/log";
import type { DeadLetters } from "@shoebox/shared/messaging/dead-letter";
import type { SQSEvent } from "aws-lambda";
import { createImagesSearch } from "./adapters/images-search.ts";
import { createIndexAdmin } from "./adapters/index-admin.ts";
import { createIndexStatusReader } from "./adapters/index-status.ts";
import { createIndexWriter } from "./adapters/index-writer.ts";
import { routes } from "./api/routes.ts";
import { projectImages } from "./consumers/project-images.ts";
import { READ_ALIAS } from "./domain/index-name.ts";
import { startRebuildsTable } from "./rebuild.testkit.ts";

/** More than one part, so that what is added up over them is. */
export const INDEX_SIZE = { shards: 2, replicas: 0 };

/** The search service over an engine: the embedded stand-in, or the OpenSearch that SHOEBOX_OPENSEARCH names. */
export async function startSearch() {
  const engine = await startTestEngine();
  const client = new Client({ node: engine.node });
  const log = createLogger("search", "silent");
  const writer = createIndexWriter(client, INDEX_SIZE);
  const kit = { lettersTaken: true };
  const letters: { body: string; reason: string }[] = [];
  const deadLetters: DeadLetters = {
    setAside: async ({ body }, reason) => {
      if (!kit.lettersTaken) throw new Error("The queue can't be reached.");
      letters.push({ body, reason });
    },
  };
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const cdn = createCdnSigner({
    baseUrl: "https://cdn.example",
    keyId: "K1",
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  });
  const admin = createIndexAdmin(client, INDEX_SIZE);
  const { jobs, snapshots, idempotency, ...table } = await startRebuildsTable();
  const steps: { message: unknown; delaySeconds: number }[] = [];
  const queue = {
    send: async (message: unknown, delaySeconds: number) => {
      steps.push({ message, delaySeconds });
    },
    depth: async () => steps.length,
  };
  const clock = { now: Date.now };
  const deps = {
    search: createImagesSearch(client),
    indexStatus: createIndexStatusReader(client),
    cdn,
    admin,
    jobs,
    snapshots,
    steps: queue,
    now: () => clock.now(),
    pause: (milliseconds: number, signal: AbortSignal) =>
      pause(milliseconds, undefined, { signal }),
  };
  const api = createApi({ routes, deps, log, corsOrigins: [], idempotency });
  const project = projectImages({ writer, deadLetters, log });

  return Object.assign(kit, {
    ...deps,
    client,
    writer,
    deadLetters,
    log,
    /** Turn it by putting another function into it. */
    clock,
    /** Steps of jobs that were asked for and not taken. */
    asked: steps,
    queue,
    project,
    /** What was set aside so far. */
    letters,
    /** Delivers messages as one batch and makes what came of them searchable. */
    async deliver(...bodies: unknown[]) {
      const answer = await project(sqsEvent(bodies));
      await client.indices.refresh({ index: READ_ALIAS });
      return answer;
    },
    async get(path: string, userId = "ann", signal?: AbortSignal, admin = false) {
      const authorizer = { userId, admin: String(admin) };
      const requestContext = { requestId: "request-1", authorizer };
      const init = signal ? { signal } : {};
      const answer = await api.request(path, init, { requestContext } as never);
      return {
        status: answer.status,
        headers: answer.headers,
        body: (await answer.json()) as Page,
      };
    },
    /** A request of an administrator, or of somebody who is none. */
    async call(method: string, path: string, body?: unknown, headers = {}, isAdmin = true) {
      const authorizer = { userId: "root", admin: String(isAdmin) };
      const answer = await api.request(
        path,
        {
          method,
          headers: { "Content-Type": "application/json", ...headers },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        },
        { requestContext: { requestId: "request-1", authorizer } } as never,
      );
      const text = await answer.text();
      return {
        status: answer.status,
        headers: answer.headers,
        body: (text ? JSON.parse(text) : undefined) as Record<string, unknown>,
      };
    },
    /** A request that IAM has let in. */
    async operate(method: string, path: string, body?: unknown) {
      const identity = { userArn: "arn:aws:iam::123456789012:user/ann" };
      const init = { method, headers: { "Content-Type": "application/json" } };
      const answer = await api.request(
        path,
        { ...init, ...(body !== undefined && { body: JSON.stringify(body) }) },
        { requestContext: { requestId: "request-1", identity } } as never,
      );
      const text = await answer.text();
      return {
        status: answer.status,
        headers: answer.headers,
        body: (text ? JSON.parse(text) : undefined) as Record<string, unknown>,
      };
    },
    async close() {
      await table.close();
      await client.close();
      await engine.stop();
    },
  });
}

interface Page {
  items: (ImageState & { renditions: { url: string }[] })[];
  total: number;
  nextCursor?: string;
  facets?: { tags?: { tag: string; count: number }[]; months?: { month: string; count: number }[] };
  caughtUp?: boolean;
  type?: string;
  detail?: string;
  errors?: { field: string; message: string }[];
}

/** A picture as the catalog publishes it; its id carries the time of its upload. */
export function picture(changes: Partial<ImageState> = {}): ImageState {
  const uploadedAt = changes.uploadedAt ?? "2026-11-22T12:00:00.000Z";
  const imageId = changes.imageId ?? newImageId(Date.parse(uploadedAt));
  return {
    imageId,
    ownerId: "ann",
    version: 1,
    status: "ready",
    tags: [],
    visibility: "private",
    contentType: "image/jpeg",
    size: 1_000,
    uploadedAt,
    renditions: [
      {
        name: "thumb",
        format: "webp",
        width: 150,
        height: 150,
        size: 900,
        key: `renditions/${imageId}/thumb.webp`,
      },
    ],
    ...changes,
  };
}

const metadata = (imageId: string) => ({
  eventId: imageId,
  occurredAt: "2026-11-22T12:00:00.000Z",
  correlationId: "correlation-1",
});

export function cataloged(image: ImageState): unknown {
  return envelope(ImageCataloged.make(metadata(image.imageId), { image }));
}

export function updated(image: ImageState): unknown {
  return envelope(ImageUpdated.make(metadata(image.imageId), { image }));
}

export function deleted({ imageId, ownerId, uploadedAt }: ImageState, version: number): unknown {
  const data = { imageId, ownerId, version, uploadedAt, deletedAt: uploadedAt, key: "originals/x" };
  return envelope(ImageDeleted.make(metadata(imageId), data));
}

function envelope(event: { source: string; detailType: string; detail: unknown }): unknown {
  const { source, detailType, detail } = event;
  return { id: "1", source, "detail-type": detailType, time: "2026-11-22T12:00:00Z", detail };
}

export function sqsEvent(bodies: unknown[]): SQSEvent {
  return {
    Records: bodies.map((body, position) => ({
      messageId: `message-${position}`,
      body: typeof body === "string" ? body : JSON.stringify(body),
    })),
  } as SQSEvent;
}
