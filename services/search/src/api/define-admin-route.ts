import type { RouteConfig } from "@hono/zod-openapi";
import { AppError } from "@shoebox/shared/errors";
import { defineRoute, forOperators, type Handler, type Route } from "@shoebox/shared/http/api";
import type { SearchDeps } from "./deps.ts";

/**
 * Declares what administrators do, by their token's claim, and operators, by IAM: two routes with one
 * handler, `/v1/search/…` and `/v1/search/ops/…`.
 */
export function defineAdminRoute<R extends RouteConfig>(
  spec: R,
  handle: Handler<R, SearchDeps>,
): Route<SearchDeps>[] {
  // Guarded as any route is answered, and not as this one: the compiler takes minutes to see that the types of
  // all routes there might be fit themselves.
  const answer = defineRoute<SearchDeps>()(spec, handle).handle;
  const guarded: typeof answer = async (c, deps) => {
    if (!c.get("principal").admin) {
      throw new AppError("forbidden", "Only an administrator may do this.");
    }
    return answer(c, deps);
  };
  const told = (who: string) => [who, spec.description].filter(Boolean).join(" ");
  return [
    { spec: { ...spec, description: told("For administrators.") }, handle: guarded },
    forOperators({
      handle: guarded,
      spec: {
        ...spec,
        path: spec.path.replace("/v1/search/", "/v1/search/ops/"),
        operationId: `${spec.operationId}AsOperator`,
        description: told("For operators."),
      },
    }),
  ];
}
