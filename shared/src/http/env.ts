import type { APIGatewayEventRequestContext } from "aws-lambda";
import type { Logger } from "../log.ts";

/** Who calls: the authorizer's word, never the client's. */
export interface Principal {
  userId: string;
  admin: boolean;
}

export interface ApiEnv {
  Variables: { principal: Principal; correlationId: string; requestId: string; log: Logger };
  Bindings: { requestContext?: APIGatewayEventRequestContext };
}
