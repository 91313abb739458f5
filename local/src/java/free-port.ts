import { createServer } from "node:net";
import { Refusal } from "../cloud/refusal.ts";

/**
 * A port of 127.0.0.1 for a program that can't choose one itself.
 *
 * @param wanted 0 is any free one
 * @throws Refusal when the wanted one is taken
 */
export function claimPort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", () =>
      reject(new Refusal(`Port ${wanted} is taken. Choose another with --port N, or 0 for any.`)),
    );
    server.listen(wanted, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
