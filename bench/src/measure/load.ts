import { Agent, request } from "node:http";

/** One request and what its answer must be. */
export interface Ask {
  url: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  status: number;
}

/**
 * Sends the same request so many times, always as many at a time as there are clients, over
 * connections that stay open. The milliseconds that each took, in no order.
 *
 * @throws Error when an answer has another status
 */
export async function load(ask: Ask, count: number, clients: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const took: number[] = [];
  let left = count;
  const client = async () => {
    while (left-- > 0) {
      const began = performance.now();
      await send(ask, agent);
      took.push(performance.now() - began);
    }
  };
  try {
    await Promise.all(Array.from({ length: clients }, client));
  } finally {
    agent.destroy();
  }
  return took;
}

function send({ url, method = "GET", headers, body, status }: Ask, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent }, (response) => {
      if (response.statusCode !== status) {
        reject(new Error(`${method} ${url} answered ${response.statusCode}, not ${status}.`));
      }
      response.on("error", reject).on("end", resolve).resume();
    });
    sent.on("error", reject).end(body);
  });
}
