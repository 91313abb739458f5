/**
 * The function's ARN inside of `arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/ARN/invocations`.
 *
 * @throws Error naming a URI that is not the invocation of a Lambda function
 */
export function functionArnOf(uri: unknown, where: string): string {
  const pattern =
    /^arn:aws:apigateway:[\w-]+:lambda:path\/2015-03-31\/functions\/(arn:aws:lambda:[^/]+)\/invocations$/;
  const arn = typeof uri === "string" ? pattern.exec(uri)?.[1] : undefined;
  if (!arn)
    throw new Error(`${where} has the URI ${uri}, which does not invoke a Lambda function.`);
  return arn;
}
