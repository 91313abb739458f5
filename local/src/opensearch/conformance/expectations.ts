import { errors } from "@opensearch-project/opensearch";

/** The status, type and reason of the error with which a request is refused. */
export async function refusal(
  request: Promise<unknown>,
): Promise<{ status: number; type: string; reason: string }> {
  try {
    await request;
  } catch (error) {
    if (!(error instanceof errors.ResponseError)) throw error;
    const cause = (error.body as { error?: { root_cause?: { type: string; reason: string }[] } })
      ?.error?.root_cause?.[0];
    return {
      status: error.statusCode ?? 0,
      type: cause?.type ?? "",
      reason: cause?.reason ?? "",
    };
  }
  throw new Error("the request was not refused");
}

export type SearchBody = Record<string, unknown>;
type Total = { value: number; relation: string };
export type SearchAnswer = {
  hits: {
    total?: Total;
    max_score: number | null;
    hits: {
      _index: string;
      _id: string;
      _score: number | null;
      _source?: Record<string, unknown>;
      sort?: unknown[];
    }[];
  };
  // biome-ignore lint/suspicious/noExplicitAny: aggregations have as many shapes as there are kinds.
  aggregations: Record<string, any>;
  pit_id?: string;
};
