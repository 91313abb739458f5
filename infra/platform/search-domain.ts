import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { alarm } from "../components/alarm.ts";
import { resourceName } from "../components/names.ts";
import { allow } from "../components/statement.ts";

const LOGS = ["INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS", "ES_APPLICATION_LOGS"] as const;

/**
 * The OpenSearch domain. Who may call it is said by the roles of the search service's functions:
 * every request is signed, and IAM decides about methods and paths. Three zones, dedicated masters and
 * the cluster's own access control besides IAM are for an environment that says so.
 */
export function createSearchDomain(alarmTopic: pulumi.Input<string>): aws.opensearch.Domain {
  const config = new pulumi.Config();
  // A domain's name has 28 characters at most.
  const name = `shoebox-${pulumi.getStack()}-search`;
  const zones = config.getNumber("searchZones") ?? 1;
  const account = aws.getCallerIdentityOutput().accountId;
  const logs = LOGS.map((logType) => ({
    logType,
    group: new aws.cloudwatch.LogGroup(`search-${logType.toLowerCase().replaceAll("_", "-")}`, {
      name: `/aws/opensearch/${name}/${logType.toLowerCase()}`,
      retentionInDays: config.requireNumber("logDays"),
    }),
  }));
  const mayLog = new aws.cloudwatch.LogResourcePolicy("search", {
    policyName: name,
    policyDocument: aws.iam.getPolicyDocumentOutput({
      statements: [
        {
          effect: "Allow",
          principals: [{ type: "Service", identifiers: ["es.amazonaws.com"] }],
          actions: ["logs:PutLogEvents", "logs:CreateLogStream"],
          resources: logs.map(({ group }) => pulumi.interpolate`${group.arn}:*`),
          conditions: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [account] }],
        },
      ],
    }).json,
  });
  const master = config.getBoolean("searchAccessControl") ? createMaster(account) : undefined;
  const domain = new aws.opensearch.Domain(
    "search",
    {
      domainName: name,
      engineVersion: "OpenSearch_2.19",
      clusterConfig: {
        instanceType: config.require("searchInstanceType"),
        instanceCount: config.requireNumber("searchInstanceCount"),
        ...(zones > 1 && {
          zoneAwarenessEnabled: true,
          zoneAwarenessConfig: { availabilityZoneCount: zones },
          dedicatedMasterEnabled: true,
          dedicatedMasterCount: 3,
          dedicatedMasterType: config.require("searchMasterType"),
        }),
      },
      ebsOptions: {
        ebsEnabled: true,
        volumeType: "gp3",
        volumeSize: config.requireNumber("searchVolumeGb"),
      },
      encryptAtRest: { enabled: true },
      nodeToNodeEncryption: { enabled: true },
      domainEndpointOptions: {
        enforceHttps: true,
        tlsSecurityPolicy: "Policy-Min-TLS-1-2-2019-07",
      },
      logPublishingOptions: logs.map(({ logType, group }) => ({
        logType,
        cloudwatchLogGroupArn: group.arn,
      })),
      // No passwords: whom the cluster knows, it knows by his role.
      ...(master && {
        advancedSecurityOptions: {
          enabled: true,
          internalUserDatabaseEnabled: false,
          masterUserOptions: { masterUserArn: master.arn },
        },
      }),
      // Blue-green changes of the domain wait for the night.
      offPeakWindowOptions: { enabled: true },
    },
    { dependsOn: [mayLog] },
  );
  if (master) {
    new aws.iam.RolePolicy("search-master", {
      role: master.name,
      name: "access",
      policy: allow([
        {
          actions: ["es:ESHttpGet", "es:ESHttpPut", "es:ESHttpDelete"],
          resources: [pulumi.interpolate`${domain.arn}/_plugins/_security/*`],
        },
      ]),
    });
  }
  const watched = {
    service: "platform",
    namespace: "AWS/ES",
    dimensions: { DomainName: domain.domainName, ClientId: account },
    statistic: "Maximum",
    topic: alarmTopic,
    runbook: "search-domain",
  } as const;
  alarm(
    "search-red",
    {
      ...watched,
      says: "Shards of the search index are lost.",
      metric: "ClusterStatus.red",
      above: 0,
    },
    {},
  );
  alarm(
    "search-pressure",
    {
      ...watched,
      says: "The search domain's heap is nearly full.",
      metric: "JVMMemoryPressure",
      above: 85,
      periods: 3,
    },
    {},
  );
  alarm(
    "search-writes-blocked",
    {
      ...watched,
      says: "The search domain refuses writes: its disks are full.",
      metric: "ClusterIndexWritesBlocked",
      above: 0,
    },
    {},
  );
  return domain;
}

/**
 * Who says whom the cluster knows (docs/runbooks/search-access.md): nobody by himself; people of this
 * account whose own rights let them take this role.
 */
function createMaster(account: pulumi.Output<string>): aws.iam.Role {
  return new aws.iam.Role("search-master", {
    name: resourceName("platform", "search-master"),
    assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({
      AWS: pulumi.interpolate`arn:aws:iam::${account}:root`,
    }),
    maxSessionDuration: 3_600,
  });
}
