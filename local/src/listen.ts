import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Longer than clients keep an idle connection: otherwise a request meets one that is just being closed. */
const KEEP_ALIVE_MS = 65_000;

export interface Listening {
  url: string;
  port: number;
  /** Ends at once, with the connections that are still open. */
  close(): Promise<void>;
}

/**
 * Lets a server of the local cloud listen on 127.0.0.1, and nowhere else.
 *
 * @param port 0 is any free one
 * @throws Error of Node when the port is taken
 */
export async function listen(server: Server, port = 0): Promise<Listening> {
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
