import type { IncomingMessage, ServerResponse } from "node:http";
import type { Resource } from "../../graph/resource.ts";

const API = "/2021-01-01";
/** The paths of OpenSearch Service's control plane; those that are not answered here are refused. */
export const SEARCH_DOMAIN_PATHS = /^\/2021-01-01\//;

type Answer = [status: number, body: Record<string, unknown>, error?: string];

/**
 * What OpenSearch Service says of the declared domains (ListDomainNames, DescribeDomain, DescribeDomainHealth), so that
 * the ops tool asks the same questions here as on AWS. The state is the engine's own.
 */
export function searchDomains(graph: Resource[]) {
  const domains = new Map(
    graph
      .filter(({ type }) => type === "aws:opensearch/domain:Domain")
      .map((domain) => [String(domain.inputs.domainName), domain]),
  );

  async function answer(path: string): Promise<Answer> {
    if (path === `${API}/domain`) {
      const names = [...domains.keys()];
      const DomainNames = names.map((DomainName) => ({ DomainName, EngineType: "OpenSearch" }));
      return [200, { DomainNames }];
    }
    const [, name = "", rest = ""] =
      /^\/2021-01-01\/opensearch\/domain\/([\w-]+)(\/health)?$/.exec(path) ?? [];
    if (!name) return notSupported(path);
    const domain = domains.get(name);
    if (!domain) {
      return [409, { message: `Domain not found: ${name}` }, "ResourceNotFoundException"];
    }
    return [200, rest ? await health(domain) : { DomainStatus: status(domain) }];
  }

  return async (_: IncomingMessage, response: ServerResponse, path: string) => {
    const [statusCode, body, error] = await answer(path);
    response.writeHead(statusCode, {
      "Content-Type": "application/json",
      ...(error && { "x-amzn-ErrorType": error }),
    });
    response.end(JSON.stringify(body));
  };
}

function notSupported(what: string): Answer {
  const message = `The local OpenSearch Service does not support ${what}.`;
  return [501, { message }, "NotImplemented"];
}

function status({ inputs, outputs }: Resource): Record<string, unknown> {
  const cluster = inputs.clusterConfig as { instanceType: string; instanceCount: number };
  const storage = inputs.ebsOptions as { volumeType: string; volumeSize: number };
  return {
    DomainId: `000000000000/${inputs.domainName}`,
    DomainName: inputs.domainName,
    ARN: outputs.arn,
    Created: true,
    Deleted: false,
    Processing: false,
    DomainProcessingStatus: "Active",
    EngineVersion: inputs.engineVersion,
    // As on AWS without the scheme, which here is http.
    Endpoint: new URL(String(outputs.endpoint)).host,
    ClusterConfig: { InstanceType: cluster.instanceType, InstanceCount: cluster.instanceCount },
    EBSOptions: {
      EBSEnabled: true,
      VolumeType: storage.volumeType,
      VolumeSize: storage.volumeSize,
    },
  };
}

interface ClusterHealth {
  status: string;
  number_of_data_nodes: number;
  active_shards: number;
  unassigned_shards: number;
}

/** Counts are texts in this API. */
async function health({ outputs }: Resource): Promise<Record<string, unknown>> {
  const answer = await fetch(`${outputs.endpoint}/_cluster/health`).catch(() => undefined);
  if (!answer?.ok) return { DomainState: "NotAvailable", ClusterHealth: "NotAvailable" };
  const cluster = (await answer.json()) as ClusterHealth;
  return {
    DomainState: "Active",
    AvailabilityZoneCount: "1",
    ActiveAvailabilityZoneCount: "1",
    DataNodeCount: String(cluster.number_of_data_nodes),
    DedicatedMaster: false,
    MasterNode: "Available",
    ClusterHealth: `${cluster.status.charAt(0).toUpperCase()}${cluster.status.slice(1)}`,
    TotalShards: String(cluster.active_shards + cluster.unassigned_shards),
    TotalUnAssignedShards: String(cluster.unassigned_shards),
  };
}
