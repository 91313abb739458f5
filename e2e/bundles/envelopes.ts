export interface Envelopes {
  /** Ends the listening and gives all that crossed a bus meanwhile. */
  close(): Record<string, unknown>[];
}

/** Keeps the whole envelopes that cross the buses (`GET /dev/events`). */
export async function listenToEnvelopes(url: string): Promise<Envelopes> {
  const ended = new AbortController();
  const response = await fetch(`${url}/dev/events`, { signal: ended.signal });
  const envelopes: Record<string, unknown>[] = [];
  const read = async () => {
    let rest = "";
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line.startsWith("data: ")) envelopes.push(JSON.parse(line.slice("data: ".length)));
      }
    }
  };
  // Ends with an abort when it is closed, and with the system otherwise.
  read().catch(() => undefined);
  return {
    close: () => {
      ended.abort();
      return envelopes;
    },
  };
}
