import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import { handle } from "hono/aws-lambda";
import type { Api } from "./api.ts";

/**
 * The API as the handler of a Lambda function behind API Gateway's proxy integration (REST, v1). A
 * body of a GET or HEAD has no meaning and is dropped: the Request of the web can't be made with one.
 */
export function lambdaHandler(
  api: Api,
): (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult> {
  const toApi = handle(api) as unknown as (
    event: APIGatewayProxyEvent,
    context: Context,
  ) => Promise<APIGatewayProxyResult>;
  // Node loads what web requests are made of when they are first named, some 25 ms of processor time: that belongs
  // to the start, which provisioned concurrency has done before anybody asks, and not to the first request.
  Reflect.get(globalThis, "Request");
  return (event, context) => {
    const bodiless = event.httpMethod === "GET" || event.httpMethod === "HEAD";
    return toApi(bodiless ? { ...event, body: null } : event, context);
  };
}
