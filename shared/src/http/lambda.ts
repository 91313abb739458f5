import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import { handle } from "hono/aws-lambda";
import type { Api } from "./api.ts";

/** The API as the handler of a Lambda function behind API Gateway's proxy integration (REST, v1). */
export function lambdaHandler(
  api: Api,
): (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult> {
  return handle(api) as unknown as (
    event: APIGatewayProxyEvent,
    context: Context,
  ) => Promise<APIGatewayProxyResult>;
}
