import type { InvokeResult } from "../lambda/runtime.ts";
import { GatewayError } from "./gateway-error.ts";

/**
 * Awaits an invocation for at most the integration's time. The function is not stopped by that, as on AWS.
 *
 * @returns what the function returned
 * @throws GatewayError 504, 502, 500 or 413, by how the invocation ended
 */
export async function awaitIntegration(
  invocation: Promise<InvokeResult>,
  timeoutMs: number,
): Promise<unknown> {
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => timeout.reject(new GatewayError("INTEGRATION_TIMEOUT")),
    timeoutMs,
  );
  try {
    const result = await Promise.race([invocation, timeout.promise]);
    if (result.outcome === "success") return result.payload;
    if (result.outcome === "payload-too-large") {
      throw new GatewayError("REQUEST_TOO_LARGE", { clientMessage: "Request Too Long" });
    }
    // Lambda's own throttling reaches the client as a 500, a failed function as a 502.
    throw new GatewayError("DEFAULT_5XX", {
      status: result.outcome === "throttled" ? 500 : 502,
      reason: `the invocation ${result.requestId} ended with ${result.outcome}`,
    });
  } finally {
    clearTimeout(timer);
  }
}
