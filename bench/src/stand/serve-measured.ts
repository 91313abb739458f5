import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Serves on any free port and tells the parent process which, and whenever it is asked the processor time so far. */
export function serveMeasured(server: Server): void {
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1", () => {
    process.send?.({ port: (server.address() as AddressInfo).port });
  });
  process.on("message", () => process.send?.({ cpu: process.cpuUsage() }));
  process.on("disconnect", () => process.exit(0));
}
