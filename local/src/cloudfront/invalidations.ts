import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { listen } from "../listen.ts";

const NAMESPACE = 'xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"';
const ROUTE = /^\/2020-05-31\/distribution\/([^/?]+)\/invalidation(?:\/([^/?]+))?\/?(?:\?|$)/;
/** A test reads what it caused; older ones are forgotten. */
const MOST_KEPT = 1_000;
/** 3,000 paths are CloudFront's limit for one batch. */
const MOST_BODY_BYTES = 4 * 1_048_576;

export interface Invalidation {
  id: string;
  distributionId: string;
  callerReference: string;
  paths: string[];
  /** ISO 8601. */
  createdAt: string;
}

interface Answer {
  status: number;
  xml: string;
}

export interface InvalidationApi {
  url: string;
  list(): Invalidation[];
  close(): Promise<void>;
}

/**
 * The part of CloudFront's control API that a service needs: CreateInvalidation, ListInvalidations, GetInvalidation.
 * Nothing is cached here, so each is complete when it is answered; it is recorded for those who want to see it.
 */
export async function startInvalidationApi(now: () => number, port = 0): Promise<InvalidationApi> {
  const kept: Invalidation[] = [];
  const server = createServer(async (request, response) => {
    const { status, xml } = await answer(request, kept, now);
    response.writeHead(status, { "content-type": "text/xml" });
    response.end(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}`);
  });
  const { url, close } = await listen(server, port);
  return {
    url,
    list: () => [...kept],
    close,
  };
}

async function answer(
  request: IncomingMessage,
  kept: Invalidation[],
  now: () => number,
): Promise<Answer> {
  const [, distributionId, id] = ROUTE.exec(request.url ?? "") ?? [];
  if (distributionId && request.method === "POST" && !id) {
    const body = await bodyOf(request);
    if (body === undefined)
      return failure(413, "BatchTooLarge", "Invalidation batch specified is too large.");
    return create(body, decodeURIComponent(distributionId), kept, now);
  }
  if (distributionId && request.method === "GET") {
    const own = kept.filter((one) => one.distributionId === decodeURIComponent(distributionId));
    if (!id) return { status: 200, xml: listXml(own) };
    const found = own.find((one) => one.id === id);
    return found
      ? { status: 200, xml: invalidationXml(found) }
      : failure(404, "NoSuchInvalidation", "The specified invalidation does not exist.");
  }
  return failure(
    501,
    "NotImplemented",
    `The local CloudFront does not support ${request.method} ${request.url}.`,
  );
}

function create(
  body: string,
  distributionId: string,
  kept: Invalidation[],
  now: () => number,
): Answer {
  const callerReference = texts(body, "CallerReference")[0];
  const paths = texts(body, "Path");
  if (
    !callerReference ||
    paths.length === 0 ||
    Number(texts(body, "Quantity")[0]) !== paths.length
  ) {
    return failure(
      400,
      "InvalidArgument",
      "Your request must have a CallerReference, and Quantity must be the number of paths.",
    );
  }
  const same = kept.find(
    (one) => one.callerReference === callerReference && one.distributionId === distributionId,
  );
  if (same && same.paths.join("\n") !== paths.join("\n")) {
    return failure(
      400,
      "InvalidationBatchAlreadyExists",
      "Another batch of paths has this CallerReference.",
    );
  }
  const id = `I${randomBytes(8).toString("hex").toUpperCase()}`;
  const invalidation = same ?? {
    id,
    distributionId,
    callerReference,
    paths,
    createdAt: new Date(now()).toISOString(),
  };
  if (!same) kept.unshift(invalidation);
  kept.length = Math.min(kept.length, MOST_KEPT);
  return { status: 201, xml: invalidationXml(invalidation) };
}

function invalidationXml(one: Invalidation): string {
  const items = one.paths.map((path) => `<Path>${escapeXml(path)}</Path>`).join("");
  return (
    `<Invalidation ${NAMESPACE}><Id>${one.id}</Id><Status>Completed</Status><CreateTime>${one.createdAt}</CreateTime>` +
    `<InvalidationBatch><Paths><Quantity>${one.paths.length}</Quantity><Items>${items}</Items></Paths>` +
    `<CallerReference>${escapeXml(one.callerReference)}</CallerReference></InvalidationBatch></Invalidation>`
  );
}

function listXml(own: Invalidation[]): string {
  const items = own
    .map(
      (one) =>
        `<InvalidationSummary><Id>${one.id}</Id><CreateTime>${one.createdAt}</CreateTime><Status>Completed</Status></InvalidationSummary>`,
    )
    .join("");
  return (
    `<InvalidationList ${NAMESPACE}><Marker></Marker><MaxItems>${MOST_KEPT}</MaxItems><IsTruncated>false</IsTruncated>` +
    `<Quantity>${own.length}</Quantity><Items>${items}</Items></InvalidationList>`
  );
}

function failure(status: number, code: string, message: string): Answer {
  const type = status < 500 ? "Sender" : "Receiver";
  return {
    status,
    xml: `<ErrorResponse ${NAMESPACE}><Error><Type>${type}</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error></ErrorResponse>`,
  };
}

function texts(xml: string, element: string): string[] {
  const found = xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, "g"));
  return Array.from(found, ([, text = ""]) => unescapeXml(text.trim()));
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};
const CHARACTERS = new Map(
  Object.entries(ENTITIES).map(([character, entity]) => [entity, character]),
);

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

function unescapeXml(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (entity) => CHARACTERS.get(entity) ?? entity);
}

/** Nothing when it is longer than any batch can be. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
