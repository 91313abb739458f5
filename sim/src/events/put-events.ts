import type { Faults } from "../world/faults.ts";
import type { Events } from "./bus.ts";

/** Each entry is taken or refused for itself. */
export function putEvents(
  request: Record<string, unknown>,
  events: Events,
  faults: Faults,
): Record<string, unknown> {
  const results = (request.Entries as Record<string, string>[]).map(
    ({ EventBusName = "default", Source = "", DetailType = "", Detail = "" }) => {
      if (faults.is("refusedEntry")) return refused("InternalFailure", "refused");
      const detail = objectIn(Detail);
      if (!detail) return refused("MalformedDetail", "Detail is malformed.");
      const EventId = events.put({
        bus: EventBusName,
        source: Source,
        detailType: DetailType,
        detail,
      });
      return { EventId };
    },
  );
  const failed = results.filter((result) => "ErrorCode" in result).length;
  return { FailedEntryCount: failed, Entries: results };
}

function refused(ErrorCode: string, ErrorMessage: string) {
  return { ErrorCode, ErrorMessage };
}

function objectIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === "object" ? value : undefined;
  } catch {
    return undefined;
  }
}
