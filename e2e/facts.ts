/** Something that crossed a bus, and when it was seen here. */
export interface Fact {
  type: string;
  /** Undefined for what is about no image of ours. */
  imageId: string | undefined;
  /** The image as the catalog published it; undefined in the facts of other services. */
  image: { status: string; version: number } | undefined;
  reason: { code: string; message: string } | undefined;
  /** When the producer says that it happened, ms since the epoch; undefined for events that are not ours. */
  occurredAt: number | undefined;
  /** `performance.now()` of this process. */
  at: number;
}

export interface Facts {
  /** Resolves with the first fact about the image that fits, past or to come; rejects after the deadline. */
  about(imageId: string, fits: (fact: Fact) => boolean, within?: number): Promise<Fact>;
  /** Resolves when the image's catalog entry was published with this status. */
  status(imageId: string, ...statuses: string[]): Promise<Fact>;
  /** All facts about the image so far, in order. */
  of(imageId: string): Fact[];
  /** Ends the listening; who still waits is not told anything any more. */
  close(): void;
}

/** Milliseconds. Far above what anything takes, so that only what never comes fails. */
const PATIENCE = 45_000;

/**
 * Listens to everything that crosses the buses (`GET /dev/events`), so that a test awaits a fact
 * instead of asking again and again. What comes before somebody awaits it is remembered.
 */
export async function listenToFacts(url: string): Promise<Facts> {
  const ended = new AbortController();
  const response = await fetch(`${url}/dev/events`, { signal: ended.signal });
  if (!response.ok || !response.body) throw new Error(`/dev/events answered ${response.status}.`);
  const seen = new Map<string, Fact[]>();
  const waiting = new Set<(fact: Fact) => void>();
  const deadlines = new Set<NodeJS.Timeout>();

  const read = async (body: ReadableStream<Uint8Array>) => {
    let rest = "";
    const decoder = new TextDecoder();
    for await (const chunk of body) {
      const messages = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
      rest = messages.pop() ?? "";
      for (const message of messages) {
        const fact = parse(message);
        if (!fact?.imageId) continue;
        seen.set(fact.imageId, [...(seen.get(fact.imageId) ?? []), fact]);
        for (const listener of waiting) listener(fact);
      }
    }
  };
  let end = "still listening";
  read(response.body).then(
    () => {
      end = "the stream has ended";
    },
    (error: unknown) => {
      end = `the stream broke: ${error}`;
    },
  );

  const about: Facts["about"] = (imageId, fits, within = PATIENCE) => {
    const past = seen.get(imageId)?.find(fits);
    if (past) return Promise.resolve(past);
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        deadlines.delete(late);
        waiting.delete(listener);
        const types = (seen.get(imageId) ?? []).map(({ type }) => type).join(", ");
        reject(
          new Error(`${imageId}: not within ${within} ms; seen: ${types || "nothing"}; ${end}.`),
        );
      }, within);
      const listener = (fact: Fact) => {
        if (fact.imageId !== imageId || !fits(fact)) return;
        clearTimeout(late);
        deadlines.delete(late);
        waiting.delete(listener);
        resolve(fact);
      };
      waiting.add(listener);
      deadlines.add(late);
    });
  };
  return {
    about,
    status: (imageId, ...statuses) =>
      about(imageId, ({ image }) => image !== undefined && statuses.includes(image.status)),
    of: (imageId) => seen.get(imageId) ?? [],
    close: () => {
      for (const deadline of deadlines) clearTimeout(deadline);
      ended.abort();
    },
  };
}

interface Detail {
  metadata?: { occurredAt: string };
  data?: Pick<Fact, "imageId" | "reason"> & { image?: Fact["image"] & { imageId: string } };
  object?: { key: string };
}

/** One message of the stream: `data` is an EventBridge envelope, with the bus it crossed. */
function parse(message: string): Fact | undefined {
  const data = /^data: (.*)$/m.exec(message)?.[1];
  if (data === undefined) return undefined;
  const envelope = JSON.parse(data) as { "detail-type": string; detail: Detail };
  const { metadata, data: facts, object } = envelope.detail;
  return {
    type: envelope["detail-type"],
    imageId:
      facts?.imageId ??
      facts?.image?.imageId ??
      /([0-9a-f-]{36})\.\w+$/.exec(object?.key ?? "")?.[1],
    image: facts?.image,
    reason: facts?.reason,
    occurredAt: metadata && Date.parse(metadata.occurredAt),
    at: performance.now(),
  };
}
