import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { become, deployed } from "./functions.ts";
import { gatewayEvent } from "./gateway-event.ts";
import { serveMeasured } from "./serve-measured.ts";

/**
 * `node function-server.ts DATA SERVICE FUNCTION`: a function with an API as a plain HTTP server in a
 * process of its own, so that its processor time can be told from that of whoever asks.
 */
const [dataFolder = "", service = "", name = ""] = process.argv.slice(2);
const handle = await become<APIGatewayProxyEvent, APIGatewayProxyResult>(
  deployed(dataFolder, service, name),
);

serveMeasured(
  createServer(async (request, response) => {
    const body = await text(request);
    const answer = await handle(
      gatewayEvent({
        method: request.method ?? "",
        path: request.url ?? "",
        userId: String(request.headers["x-user"] ?? "bench"),
        ...(body !== "" && { body }),
      }),
    );
    response.writeHead(answer.statusCode, answer.headers as Record<string, string>);
    response.end(answer.body);
  }),
);
