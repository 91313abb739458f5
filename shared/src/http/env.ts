import type { APIGatewayEventRequestContext } from "aws-lambda";
import type { Logger } from "../log.ts";

/** Who calls: the authorizer's word or IAM's, never the client's. */
export interface Principal {
  /** The token's subject; of an operator the ARN. */
  userId: string;
  admin: boolean;
}

export interface ApiEnv {
  Variables: { principal: Principal; correlationId: string; requestId: string; log: Logger };
  Bindings: { requestContext?: APIGatewayEventRequestContext };
}
