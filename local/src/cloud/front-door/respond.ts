import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { type ErrorCode, errorCodes } from "@shoebox/shared/errors";
import { PROBLEM_JSON, problemType } from "@shoebox/shared/http/problem";

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
}

/** A problem document (RFC 9457), as the services send them. */
export function sendProblem(
  response: ServerResponse,
  status: number,
  code: ErrorCode,
  detail: string,
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { "Content-Type": PROBLEM_JSON });
  response.end(
    JSON.stringify({
      type: problemType(code),
      title: errorCodes[code].title,
      status,
      detail,
      requestId: randomUUID(),
    }),
  );
}
