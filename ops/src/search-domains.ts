import {
  DescribeDomainCommand,
  DescribeDomainHealthCommand,
  ListDomainNamesCommand,
  OpenSearchClient,
} from "@aws-sdk/client-opensearch";
import type { Api } from "./api.ts";
import { awsFailure } from "./aws.ts";
import { ExitCode, Failure } from "./failure.ts";

/** A search domain, in our words. */
export interface SearchDomain {
  name: string;
  /** Where it is reached; none while it comes into being. */
  endpoint?: string;
  engine?: string;
  instances: { type?: string; count?: number };
  storage?: { type?: string; gigabytes?: number };
  /** A change of its configuration is under way. */
  changing: boolean;
  state: string;
  health: "green" | "yellow" | "red" | "unknown";
  shards?: number;
  unassignedShards?: number;
}

/** All domains of Shoebox begin with it (infra/components/names.ts). */
const OURS = "shoebox-";

/**
 * Domains as OpenSearch Service knows them, by name: the one that is asked for, or all of Shoebox's.
 *
 * A local front door answers for OpenSearch Service itself; else it is AWS, with the machine's own credentials.
 *
 * @throws Failure when AWS can't be asked, or has no such domain
 */
export async function findDomains(
  api: Pick<Api, "url" | "local">,
  asked: { name?: string; region?: string },
): Promise<SearchDomain[]> {
  const client = new OpenSearchClient(
    api.local
      ? {
          endpoint: api.url,
          region: "us-east-1",
          credentials: { accessKeyId: "local", secretAccessKey: "local" },
          maxAttempts: 1,
        }
      : { region: asked.region },
  );
  try {
    const names = asked.name ? [asked.name] : await ourNames(client);
    return await Promise.all(names.map((name) => describe(client, name, api.local)));
  } catch (error) {
    throw explain(error, asked.name);
  } finally {
    client.destroy();
  }
}

async function ourNames(client: OpenSearchClient): Promise<string[]> {
  const { DomainNames = [] } = await client.send(new ListDomainNamesCommand({}));
  return DomainNames.flatMap(({ DomainName }) =>
    DomainName?.startsWith(OURS) ? [DomainName] : [],
  ).toSorted();
}

async function describe(
  client: OpenSearchClient,
  name: string,
  local: boolean,
): Promise<SearchDomain> {
  const [{ DomainStatus: domain }, health] = await Promise.all([
    client.send(new DescribeDomainCommand({ DomainName: name })),
    client.send(new DescribeDomainHealthCommand({ DomainName: name })),
  ]);
  const host = domain?.Endpoint ?? domain?.Endpoints?.vpc;
  const cluster = domain?.ClusterConfig;
  const storage = domain?.EBSOptions;
  return {
    name,
    ...(host && { endpoint: `${local ? "http" : "https"}://${host}` }),
    engine: domain?.EngineVersion,
    instances: { type: cluster?.InstanceType, count: cluster?.InstanceCount },
    ...(storage?.EBSEnabled && {
      storage: { type: storage.VolumeType, gigabytes: storage.VolumeSize },
    }),
    changing: domain?.Processing ?? false,
    state: health.DomainState?.toLowerCase() ?? "unknown",
    health: colour(health.ClusterHealth),
    shards: number(health.TotalShards),
    unassignedShards: number(health.TotalUnAssignedShards),
  };
}

function colour(health: string | undefined): SearchDomain["health"] {
  const known = { Green: "green", Yellow: "yellow", Red: "red" } as const;
  return known[health as keyof typeof known] ?? "unknown";
}

/** Counts are texts in this API, and `N/A` in some. */
function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

function explain(error: unknown, name: string | undefined): unknown {
  if (!(error instanceof Error)) return error;
  if (error.name === "ResourceNotFoundException") {
    return new Failure(
      `There is no search domain ${name}: npm run ops -- domain lists those there are.`,
    );
  }
  const known = awsFailure(error);
  if (known) return known;
  if ("$metadata" in error || "code" in error) {
    return new Failure(
      `OpenSearch Service does not answer: ${error.name}: ${error.message}`,
      ExitCode.noAccess,
    );
  }
  return error;
}
