import type { Api } from "@shoebox/shared/http/api";

/** A request as it comes out of the authorizer. */
export interface ApiRequest {
  userId: string;
  admin: boolean;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: unknown;
}

export interface ApiAnswer {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

/** An API as a function, for clients that are let in already. */
export function apiFunction(api: Api, id: () => string) {
  return async ({ userId, admin, method, path, headers, body }: ApiRequest): Promise<ApiAnswer> => {
    const response = await api.request(
      path,
      {
        method,
        headers: { ...(body !== undefined && { "Content-Type": "application/json" }), ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      },
      { requestContext: { requestId: id(), authorizer: { userId, admin: String(admin) } } },
    );
    const text = await response.text();
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: text === "" ? undefined : JSON.parse(text),
    };
  };
}
