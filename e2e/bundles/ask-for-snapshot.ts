import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { ServiceSpec } from "@shoebox/local/lambda/spec";

/** Asks the catalog for a snapshot, as the search service's relay would. */
export async function askForSnapshot({ aws, functions }: ServiceSpec): Promise<void> {
  const { region, credentials, endpoints } = aws;
  const client = new EventBridgeClient({ region, credentials, endpoint: endpoints.eventbridge });
  const now = new Date().toISOString();
  const metadata = {
    eventId: crypto.randomUUID(),
    occurredAt: now,
    correlationId: "bundles-snapshot",
    schemaVersion: 1,
    producer: "search",
  };
  const data = { snapshotId: crypto.randomUUID(), mode: "state", requestedAt: now };
  const { FailedEntryCount } = await client.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: functions[0]?.environment.BUS_NAME,
          Source: "shoebox.search",
          DetailType: "CatalogSnapshotRequested",
          Detail: JSON.stringify({ metadata, data }),
        },
      ],
    }),
  );
  if (FailedEntryCount !== 0) throw new Error("The bus did not take the request.");
}
