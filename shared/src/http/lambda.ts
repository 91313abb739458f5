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
  return (event, context) => {
    const bodiless = event.httpMethod === "GET" || event.httpMethod === "HEAD";
    return toApi(bodiless ? { ...event, body: null } : event, context);
  };
}
