import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { cachedGraph } from "@shoebox/local/graph/cached-graph";
import { awsWorld, type Resource } from "@shoebox/local/graph/resource";
import { checkWiring } from "@shoebox/local/graph/wiring/check-wiring";
import { type Metric, metrics } from "@shoebox/shared/metrics";
import { beforeAll, describe, expect, it } from "vitest";

/** What a platform team asks before it lets somebody deploy, answered over the evaluated programs. */

const graphs: Record<string, Resource[]> = {};
beforeAll(async () => {
  for (const stack of ["dev", "staging", "prod"]) {
    graphs[stack] = await cachedGraph({ stack, config: {}, world: awsWorld });
  }
  // Far above what it takes: each evaluation is a process that loads Pulumi.
}, 240_000);

const all = (type: string, stack = "prod") =>
  (graphs[stack] ?? []).filter((resource) => resource.type === type);
const settingOf = (bucket: Resource, kind: string) =>
  all(`aws:s3/${kind}`).find(({ inputs }) => inputs.bucket === bucket.inputs.bucket)?.inputs;

describe("every environment", () => {
  it.each(["dev", "staging", "prod"])("%s hangs together", (stack) => {
    expect(checkWiring(graphs[stack] ?? [])).toEqual([]);
  });
});

describe("every queue", () => {
  it("that holds dead letters has an alarm on the first of them, and every other on its age", () => {
    const watched = all("aws:cloudwatch/metricAlarm:MetricAlarm").map(({ inputs }) => {
      const { QueueName } = (inputs.dimensions ?? {}) as { QueueName?: string };
      return `${inputs.metricName} ${QueueName}`;
    });
    const unwatched = all("aws:sqs/queue:Queue")
      .map(({ inputs }) => String(inputs.name))
      .filter((name) => {
        const deadLetters = /(-dlq|-undeliverable|-failed)$/.test(name);
        const metric = deadLetters
          ? "ApproximateNumberOfMessagesVisible"
          : "ApproximateAgeOfOldestMessage";
        return !watched.includes(`${metric} ${name}`);
      });
    expect(unwatched).toEqual([]);
  });

  it("that work is read from has a dead-letter queue", () => {
    const without = all("aws:sqs/queue:Queue").filter(
      ({ inputs }) =>
        !/(-dlq|-undeliverable|-failed)$/.test(String(inputs.name)) && !inputs.redrivePolicy,
    );
    expect(without.map(({ name }) => name)).toEqual([]);
  });
});

describe("every queue, topic and table", () => {
  it("is encrypted where it lies", () => {
    const plain = all("aws:sqs/queue:Queue").filter(
      ({ inputs }) => inputs.sqsManagedSseEnabled !== true,
    );
    expect(plain.map(({ program, name }) => `${program} ${name}`)).toEqual([]);
    for (const { inputs } of all("aws:dynamodb/table:Table")) {
      expect(inputs.serverSideEncryption).toMatchObject({ enabled: true });
    }
  });
});

describe("every service", () => {
  const bodyOf = (program: string) =>
    String(
      all("aws:cloudwatch/dashboard:Dashboard").find((one) => one.program === program)?.inputs
        .dashboardBody,
    );

  it("has a dashboard that shows every function, queue, table and API that it declares", () => {
    const shown: Record<string, string> = {
      "aws:lambda/function:Function": "name",
      "aws:sqs/queue:Queue": "name",
      "aws:dynamodb/table:Table": "name",
      "aws:apigateway/restApi:RestApi": "name",
    };
    for (const program of ["upload", "catalog", "processing", "search"]) {
      const body = bodyOf(program);
      const unseen = Object.entries(shown).flatMap(([type, input]) =>
        all(type)
          .filter((one) => one.program === program)
          .map(({ inputs }) => String(inputs[input]))
          .filter((name) => !body.includes(`"${name}"`)),
      );
      expect([program, unseen]).toEqual([program, []]);
      const measured = Object.entries<Metric>(metrics).filter(([, { services }]) =>
        services.includes(program),
      );
      expect(measured.length).toBeGreaterThan(0);
      for (const [name] of measured) expect(body).toContain(`"${name}","service","${program}"`);
    }
  });

  it("is on the overview of the platform, with its API and its relay", () => {
    const overview = bodyOf("platform");
    for (const type of ["aws:apigateway/restApi:RestApi", "aws:opensearch/domain:Domain"]) {
      for (const { inputs } of all(type)) {
        expect(overview).toContain(`"${inputs.name ?? inputs.domainName}"`);
      }
    }
    const relays = all("aws:lambda/function:Function").filter(({ name }) => name === "relay");
    for (const { inputs } of relays) expect(overview).toContain(`"${inputs.name}"`);
  });
});

describe("the CDN", () => {
  it("trusts two keys, each with a secret of its own, and signs with one of them", () => {
    const [group] = all("aws:cloudfront/keyGroup:KeyGroup");
    const keys = all("aws:cloudfront/publicKey:PublicKey");
    expect(group?.inputs.items).toEqual(keys.map(({ outputs }) => outputs.id));
    expect(keys).toHaveLength(2);
    for (const { inputs } of all("tls:index/privateKey:PrivateKey")) {
      expect(inputs).toMatchObject({ algorithm: "ECDSA", ecdsaCurve: "P256" });
    }
    const signers = all("aws:lambda/function:Function")
      .map(({ inputs }) => (inputs.environment as { variables: Record<string, string> }).variables)
      .filter((variables) => variables.CDN_KEY_ID);
    expect(signers.length).toBeGreaterThan(0);
    for (const { CDN_KEY_ID: id, CDN_KEY_SECRET: secretArn } of signers) {
      // Never the id of one with the secret of the other.
      const key = keys.find(({ outputs }) => outputs.id === id);
      const secret = all("aws:secretsmanager/secret:Secret").find(
        ({ outputs }) => outputs.arn === secretArn,
      );
      expect(secret?.inputs.name).toBe(key?.inputs.name);
    }
  });

  it("logs who fetched what into the bucket of access logs, without signatures", () => {
    const [delivery] = all("aws:cloudwatch/logDelivery:LogDelivery");
    const source = all("aws:cloudwatch/logDeliverySource:LogDeliverySource").find(
      ({ inputs }) => inputs.name === delivery?.inputs.deliverySourceName,
    );
    const destination = all("aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination").find(
      ({ outputs }) => outputs.arn === delivery?.inputs.deliveryDestinationArn,
    );
    const [distribution] = all("aws:cloudfront/distribution:Distribution");
    const logs = all("aws:s3/bucket:Bucket").find(({ name }) => name === "access-logs");
    expect(source?.inputs.resourceArn).toBe(distribution?.outputs.arn);
    expect(destination?.inputs.deliveryDestinationConfiguration).toEqual({
      destinationResourceArn: logs?.outputs.arn,
    });
    const fields = delivery?.inputs.recordFields as string[];
    expect(fields).toContain("cs-uri-stem");
    expect(fields.filter((field) => /query|cookie|referer/i.test(field))).toEqual([]);
    const policy = String(settingOf(logs as Resource, "bucketPolicy:BucketPolicy")?.policy);
    expect(policy).toContain("delivery.logs.amazonaws.com");
    for (const one of [delivery, source, destination]) {
      expect(one?.inputs.region).toBe("us-east-1");
    }
  });
});

describe("one origin", () => {
  interface Behavior {
    pathPattern?: string;
    targetOriginId: string;
    cachePolicyId: string;
    allowedMethods: string[];
    originRequestPolicyId?: string;
    responseHeadersPolicyId?: string;
    trustedKeyGroups?: string[];
    functionAssociations?: { functionArn: string }[];
  }
  const distribution = () => all("aws:cloudfront/distribution:Distribution")[0]?.inputs ?? {};
  const behaviors = () =>
    [
      ...(distribution().orderedCacheBehaviors as Behavior[]),
      distribution().defaultCacheBehavior as Behavior,
    ] as const;

  it("has the pages at its root, pictures only by signature, and the API uncached", () => {
    for (const { targetOriginId, trustedKeyGroups, pathPattern } of behaviors()) {
      const isPicture = ["originals", "processed"].includes(targetOriginId);
      expect([pathPattern, (trustedKeyGroups ?? []).length > 0]).toEqual([pathPattern, isPicture]);
    }
    const [api, pages] = behaviors().slice(-2);
    expect(api).toMatchObject({
      pathPattern: "/v1/*",
      targetOriginId: "api",
      // AWS's managed policies: nothing is cached; all but the host's name is passed on.
      cachePolicyId: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
      originRequestPolicyId: "b689b0a8-53d0-40ab-baf2-68738e2966ac",
    });
    expect(api?.allowedMethods).toEqual(expect.arrayContaining(["POST", "PATCH", "DELETE"]));
    expect(pages).toMatchObject({ targetOriginId: "web", allowedMethods: ["GET", "HEAD"] });
    const [paths] = all("aws:cloudfront/function:Function");
    expect(pages?.functionAssociations?.map((one) => one.functionArn)).toEqual([
      paths?.outputs.arn,
    ]);
    const run = new Function(`${paths?.inputs.code}; return handler;`)() as (
      event: object,
    ) => object;
    expect(run({ request: { uri: "/photos/1" } })).toEqual({ uri: "/index.html" });
  });

  it("has a name of its own, with a certificate from where CloudFront looks, and is an origin that the APIs know", () => {
    const { aliases, viewerCertificate } = distribution() as {
      aliases: string[];
      viewerCertificate: { acmCertificateArn: string };
    };
    expect(viewerCertificate.acmCertificateArn).toContain(":acm:us-east-1:");
    const records = all("aws:route53/record:Record").map(({ inputs }) => inputs.name);
    const [api] = all("aws:apigateway/domainName:DomainName");
    expect(records).toEqual(expect.arrayContaining([...aliases, api?.inputs.domainName]));
    const [fn] = all("aws:lambda/function:Function").map(
      ({ inputs }) => inputs.environment as { variables: Record<string, string> },
    );
    expect(fn?.variables.CORS_ORIGINS?.split(",")).toEqual(
      aliases.map((name) => `https://${name}`),
    );
  });

  it("lets its pages run nothing but themselves, and reach the API, the bucket and the issuer", () => {
    const policy = all("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy").find(
      ({ outputs }) => outputs.id === behaviors().at(-1)?.responseHeadersPolicyId,
    )?.inputs.securityHeadersConfig as {
      contentSecurityPolicy: { contentSecurityPolicy: string };
    };
    const rules = policy.contentSecurityPolicy.contentSecurityPolicy.split("; ");
    expect(rules).toContain("default-src 'self'");
    expect(rules).toContain("frame-ancestors 'none'");
    expect(rules.join()).not.toMatch(/unsafe|\*/);
    const originals = all("aws:s3/bucket:Bucket").find(({ name }) => name === "originals");
    expect(rules.find((rule) => rule.startsWith("connect-src"))).toContain(
      `https://${originals?.inputs.bucket}.s3.`,
    );
    const settings = all("aws:s3/bucketObjectv2:BucketObjectv2").find(
      ({ inputs }) => inputs.key === "config.json",
    );
    expect(JSON.parse(String(settings?.inputs.content))).toMatchObject({ signIn: "oidc" });
    expect(settings?.inputs.cacheControl).toBe("no-store");
  });

  it("is led by each service to its own path, whole, by a rule that no other can be taken for", () => {
    const [domain] = all("aws:apigateway/domainName:DomainName");
    expect(domain?.inputs).toMatchObject({
      routingMode: "ROUTING_RULE_ONLY",
      securityPolicy: "TLS_1_2",
    });
    const rules = all("aws:apigatewayv2/routingRule:RoutingRule");
    const led = rules.map(({ program, inputs }) => {
      const [{ invokeApi }] = inputs.actions as [{ invokeApi: Record<string, unknown> }];
      const [{ matchBasePaths }] = inputs.conditions as [{ matchBasePaths: { anyOfs: string[] } }];
      expect(inputs.domainName).toBe(domain?.inputs.domainName);
      expect(invokeApi).toMatchObject({ stripBasePath: false, stage: "live" });
      const api = all("aws:apigateway/restApi:RestApi").find((one) => one.program === program);
      expect(invokeApi.apiId).toBe(api?.outputs.id);
      const { paths } = JSON.parse(String(api?.inputs.body)) as { paths: Record<string, object> };
      for (const path of Object.keys(paths)) {
        expect(`${path}/`.startsWith(`/${matchBasePaths.anyOfs[0]}/`)).toBe(true);
      }
      return matchBasePaths.anyOfs;
    });
    expect(led.flat().sort()).toEqual(["v1/images", "v1/processing", "v1/search", "v1/uploads"]);
    const priorities = rules.map(({ inputs }) => Number(inputs.priority));
    expect(new Set(priorities).size).toBe(4);
    for (const priority of priorities) {
      expect(priority).toBeGreaterThanOrEqual(1);
      expect(priority).toBeLessThanOrEqual(1_000_000);
    }
  });

  it("counts the addresses of people, not those of the CDN: in front of it, and behind it what did not come through it", () => {
    const firewalls = all("aws:wafv2/webAcl:WebAcl");
    const edge = firewalls.find(({ inputs }) => inputs.scope === "CLOUDFRONT");
    expect(distribution().webAclId).toBe(edge?.outputs.arn);
    expect(edge?.inputs.region).toBe("us-east-1");
    const apis = firewalls.find(({ inputs }) => inputs.scope === "REGIONAL");
    const [perAddress] = (apis?.inputs.rules ?? []) as {
      statement: { rateBasedStatement: { aggregateKeyType: string; scopeDownStatement?: object } };
    }[];
    const origins = distribution().origins as {
      originId: string;
      customHeaders?: { name: string; value: string }[];
    }[];
    const [header] = origins.find(({ originId }) => originId === "api")?.customHeaders ?? [];
    expect(header?.value).toMatch(/^[0-9a-f]{64}$/);
    expect(perAddress?.statement.rateBasedStatement).toMatchObject({
      aggregateKeyType: "IP",
      scopeDownStatement: {
        notStatement: {
          statement: {
            byteMatchStatement: {
              fieldToMatch: { singleHeader: { name: header?.name } },
              positionalConstraint: "EXACTLY",
              searchString: header?.value,
            },
          },
        },
      },
    });
  });

  it("is not there where an environment has no names of its own: neither pages nor an API domain", () => {
    for (const type of [
      "aws:apigateway/domainName:DomainName",
      "aws:apigatewayv2/routingRule:RoutingRule",
      "aws:cloudfront/function:Function",
      "aws:route53/record:Record",
      "aws:acm/certificate:Certificate",
    ]) {
      expect([type, all(type, "dev").length]).toEqual([type, 0]);
    }
    const [cdn] = all("aws:cloudfront/distribution:Distribution", "dev");
    expect(cdn?.inputs.viewerCertificate).toEqual({ cloudfrontDefaultCertificate: true });
    const rest = cdn?.inputs.defaultCacheBehavior as Behavior | undefined;
    expect(rest?.trustedKeyGroups).toHaveLength(1);
  });
});

describe("every dashboard", () => {
  it("keeps to CloudWatch's limits, and no graph lies over another", () => {
    const dashboards = all("aws:cloudwatch/dashboard:Dashboard");
    expect(dashboards).toHaveLength(5);
    for (const { inputs } of dashboards) {
      const { widgets } = JSON.parse(String(inputs.dashboardBody)) as {
        widgets: {
          x: number;
          y: number;
          width: number;
          height: number;
          properties: { title?: string; metrics?: unknown[] };
        }[];
      };
      expect(widgets.length).toBeLessThanOrEqual(500);
      const cells = new Set<string>();
      for (const { x, y, width, height, properties } of widgets) {
        expect(x + width).toBeLessThanOrEqual(24);
        if (properties.metrics) {
          expect([properties.title, properties.metrics.length]).not.toEqual([properties.title, 0]);
          expect(properties.metrics.length).toBeLessThanOrEqual(500);
        }
        for (let row = y; row < y + height; row++) {
          for (let column = x; column < x + width; column++) {
            expect(cells.has(`${row}/${column}`)).toBe(false);
            cells.add(`${row}/${column}`);
          }
        }
      }
    }
  });
});

describe("every bucket", () => {
  it("is closed to the public, encrypted, and speaks TLS only", () => {
    expect(all("aws:s3/bucket:Bucket").length).toBeGreaterThanOrEqual(3);
    for (const bucket of all("aws:s3/bucket:Bucket")) {
      expect(settingOf(bucket, "bucketPublicAccessBlock:BucketPublicAccessBlock")).toMatchObject({
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
      expect(
        settingOf(
          bucket,
          "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        ),
      ).toBeDefined();
      const policy = JSON.parse(String(settingOf(bucket, "bucketPolicy:BucketPolicy")?.policy)) as {
        Statement: { Effect: string; Condition?: object }[];
      };
      expect(policy.Statement).toContainEqual(
        expect.objectContaining({
          Effect: "Deny",
          Condition: { Bool: { "aws:SecureTransport": ["false"] } },
        }),
      );
    }
  });

  it("of pictures logs who accesses it, and forgets abandoned multipart uploads after a day", () => {
    for (const bucket of all("aws:s3/bucket:Bucket").filter(({ name }) => name !== "access-logs")) {
      expect(settingOf(bucket, "bucketLogging:BucketLogging")).toBeDefined();
      const { rules } = settingOf(
        bucket,
        "bucketLifecycleConfiguration:BucketLifecycleConfiguration",
      ) as { rules: unknown[] };
      expect(rules).toContainEqual(
        expect.objectContaining({
          abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
        }),
      );
    }
  });

  it("keeps versions that are not the newest for longer than any dead letter lives", () => {
    const originals = all("aws:s3/bucket:Bucket").find(({ name }) => name === "originals");
    const { rules } = settingOf(
      originals as Resource,
      "bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    ) as { rules: { noncurrentVersionExpiration?: { noncurrentDays: number } }[] };
    const days = rules.flatMap((rule) => rule.noncurrentVersionExpiration?.noncurrentDays ?? []);
    expect(days.length).toBe(1);
    expect(days[0]).toBeGreaterThan(14);
  });
});

describe("every alarm", () => {
  it("speaks to the topic and names a page that is there", () => {
    const alarms = all("aws:cloudwatch/metricAlarm:MetricAlarm");
    const [topic] = all("aws:sns/topic:Topic");
    expect(alarms.length).toBeGreaterThan(50);
    for (const { inputs } of alarms) {
      expect(inputs.alarmActions).toEqual([topic?.outputs.arn]);
      const page = /docs\/runbooks\/[\w-]+\.md/.exec(String(inputs.alarmDescription))?.[0];
      expect([inputs.name, page]).toEqual([inputs.name, expect.any(String)]);
      expect(existsSync(fileURLToPath(new URL(`../${page}`, import.meta.url)))).toBe(true);
    }
  });
});

describe("the limits of AWS", () => {
  /** Characters (service quotas and API references). */
  const limits: Record<string, [input: string, length: number]> = {
    "aws:lambda/function:Function": ["name", 64],
    "aws:iam/role:Role": ["name", 64],
    "aws:cloudwatch/eventRule:EventRule": ["name", 64],
    "aws:sqs/queue:Queue": ["name", 80],
    "aws:s3/bucket:Bucket": ["bucket", 63],
    "aws:cloudwatch/eventArchive:EventArchive": ["name", 48],
    "aws:opensearch/domain:Domain": ["domainName", 28],
    "aws:cloudwatch/metricAlarm:MetricAlarm": ["name", 255],
    "aws:cloudwatch/dashboard:Dashboard": ["dashboardName", 255],
    "aws:cloudwatch/eventBus:EventBus": ["name", 256],
    "aws:schemas/registry:Registry": ["name", 64],
    "aws:schemas/schema:Schema": ["name", 385],
    "aws:secretsmanager/secret:Secret": ["name", 512],
    "aws:cloudfront/originAccessControl:OriginAccessControl": ["name", 64],
    "aws:wafv2/webAcl:WebAcl": ["name", 128],
  };

  it("of names are kept in the environment with the longest name", () => {
    for (const [type, [input, length]] of Object.entries(limits)) {
      const names = all(type, "staging").map(({ inputs }) => String(inputs[input]));
      expect(names.length).toBeGreaterThan(0);
      expect(names.filter((name) => name.length > length)).toEqual([]);
    }
  });

  it("of events are kept: patterns of 4,096 characters, five targets a rule, a hundred rules a bus", () => {
    const rules = all("aws:cloudwatch/eventRule:EventRule");
    const targets = all("aws:cloudwatch/eventTarget:EventTarget").map(({ inputs }) => inputs.rule);
    for (const { inputs } of rules) {
      expect(String(inputs.eventPattern ?? "").length).toBeLessThanOrEqual(4_096);
      const own = targets.filter((rule) => rule === inputs.name);
      expect(own.length).toBeGreaterThan(0);
      expect(own.length).toBeLessThanOrEqual(5);
    }
    for (const bus of new Set(rules.map(({ inputs }) => inputs.eventBusName))) {
      expect(rules.filter(({ inputs }) => inputs.eventBusName === bus).length).toBeLessThan(100);
    }
  });

  it("of resource policies are kept: 20 KB of a bucket's, 8 KB of a queue's, 30 KB of a topic's", () => {
    for (const [type, size] of [
      ["aws:s3/bucketPolicy:BucketPolicy", 20_480],
      ["aws:sqs/queuePolicy:QueuePolicy", 8_192],
      ["aws:sns/topicPolicy:TopicPolicy", 30_720],
    ] as const) {
      expect(all(type).length).toBeGreaterThan(0);
      for (const { inputs } of all(type)) {
        expect(Buffer.byteLength(String(inputs.policy))).toBeLessThanOrEqual(size);
      }
    }
  });

  it("of a function's environment, 4 KB, are kept", () => {
    for (const { inputs } of all("aws:lambda/function:Function", "staging")) {
      const { variables } = inputs.environment as { variables: Record<string, string> };
      expect(Buffer.byteLength(JSON.stringify(variables))).toBeLessThanOrEqual(4_096);
    }
  });

  it("of a role's inline policies, 10,240 characters together, are kept", () => {
    const sizes = new Map<string, number>();
    for (const { inputs } of all("aws:iam/rolePolicy:RolePolicy")) {
      const role = String(inputs.role);
      sizes.set(role, (sizes.get(role) ?? 0) + String(inputs.policy).replace(/\s/g, "").length);
    }
    expect([...sizes].filter(([, size]) => size > 10_240)).toEqual([]);
  });

  it("of an OpenSearch domain with zones are kept: data nodes in every zone, three masters", () => {
    const [cluster] = all("aws:opensearch/domain:Domain").map(
      ({ inputs }) => inputs.clusterConfig,
    ) as unknown as {
      instanceCount: number;
      dedicatedMasterCount: number;
      zoneAwarenessConfig: { availabilityZoneCount: number };
    }[];
    const zones = Number(cluster?.zoneAwarenessConfig.availabilityZoneCount);
    expect(zones).toBe(3);
    expect((cluster?.instanceCount ?? 1) % zones).toBe(0);
    expect(cluster?.dedicatedMasterCount).toBe(3);
  });
});

describe("production", () => {
  it("is protected against deletion and guarded by a firewall in front of every API; dev is not", () => {
    for (const table of all("aws:dynamodb/table:Table")) {
      expect([table.name, table.inputs.deletionProtectionEnabled]).toEqual([table.name, true]);
    }
    const guarded = all("aws:wafv2/webAclAssociation:WebAclAssociation").map(
      ({ inputs }) => inputs.resourceArn,
    );
    const stages = all("aws:apigateway/stage:Stage").map(({ outputs }) => outputs.arn);
    expect(guarded.sort()).toEqual(stages.sort());
    expect(all("aws:wafv2/webAcl:WebAcl", "dev")).toEqual([]);
    const dev = all("aws:dynamodb/table:Table", "dev");
    expect(dev.every(({ inputs }) => inputs.deletionProtectionEnabled === false)).toBe(true);
  });

  it("has every original scanned before it goes on, by who may read, tag and be told of it; dev does not", () => {
    const gated = (stack: string) =>
      all("aws:lambda/function:Function", stack).filter(({ inputs }) => {
        const { variables } = inputs.environment as { variables: Record<string, string> };
        return variables.MALWARE_SCAN === "required";
      });
    expect(gated("prod").map(({ name }) => name)).toContain("object-scanned");
    expect(gated("dev")).toEqual([]);
    const [plan, ...others] = all("aws:guardduty/malwareProtectionPlan:MalwareProtectionPlan");
    const originals = all("aws:s3/bucket:Bucket").find(({ name }) => name === "originals");
    expect(others).toEqual([]);
    expect(plan?.inputs).toMatchObject({
      protectedResource: { s3Bucket: { bucketName: originals?.inputs.bucket } },
      // Without the tag, an upload whose event is lost would never be accepted.
      actions: [{ taggings: [{ status: "ENABLED" }] }],
    });
    const role = all("aws:iam/role:Role").find(({ outputs }) => outputs.arn === plan?.inputs.role);
    expect(JSON.stringify(role?.inputs.assumeRolePolicy)).toContain(
      "malware-protection-plan.guardduty.amazonaws.com",
    );
    const rights = all("aws:iam/rolePolicy:RolePolicy").find(
      ({ inputs }) => inputs.role === role?.inputs.name,
    );
    for (const right of ["s3:GetObjectVersion", "s3:PutObjectVersionTagging"]) {
      expect(String(rights?.inputs.policy)).toContain(`"${right}"`);
    }
    expect(all("aws:guardduty/malwareProtectionPlan:MalwareProtectionPlan", "dev").length).toBe(0);
  });

  it("keeps instances of what users wait for ready, and calls them; dev pays for none", () => {
    const aliases = all("aws:lambda/alias:Alias");
    const ready = all("aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig");
    expect(ready.length).toBeGreaterThanOrEqual(6);
    expect(new Set(ready.map(({ name }) => name))).toEqual(new Set(["api", "authorizer"]));
    for (const { program, name, inputs } of ready) {
      const alias = aliases.find((one) => one.program === program && one.name === name);
      const fn = all("aws:lambda/function:Function").find(
        ({ inputs: own }) => own.name === inputs.functionName,
      );
      // Only a published version has instances, and only who calls the alias gets them.
      expect([fn?.inputs.publish, alias?.inputs.name]).toEqual([true, inputs.qualifier]);
      const [api] = all("aws:apigateway/restApi:RestApi").filter((one) => one.program === program);
      expect(String(api?.inputs.body)).toContain(String(alias?.outputs.invokeArn));
      expect(String(api?.inputs.body)).not.toContain(String(fn?.outputs.invokeArn));
      const allowed = all("aws:lambda/permission:Permission").filter(
        (one) => one.inputs.function === inputs.functionName,
      );
      expect(allowed.map((one) => one.inputs.qualifier)).toEqual([inputs.qualifier]);
    }
    expect(all("aws:lambda/alias:Alias", "dev")).toEqual([]);
  });

  it("reserves calls for what must not starve: never fewer than its queue makes, and leaves the account a hundred", () => {
    const limit = ({ inputs }: Resource) => Number(inputs.reservedConcurrentExecutions ?? 0);
    const reserved = all("aws:lambda/function:Function").filter((fn) => limit(fn) > 0);
    expect(reserved.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["worker", "relay", "projector"]),
    );
    for (const fn of reserved) {
      const asked = all("aws:lambda/eventSourceMapping:EventSourceMapping")
        .filter(({ inputs }) => inputs.functionName === fn.outputs.arn)
        .map(({ inputs }) => inputs.scalingConfig as { maximumConcurrency?: number } | undefined)
        .reduce((sum, scaling) => sum + (scaling?.maximumConcurrency ?? 0), 0);
      expect([fn.name, limit(fn) >= asked]).toEqual([fn.name, true]);
    }
    const ready = all("aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig");
    const taken =
      reserved.reduce((sum, fn) => sum + limit(fn), 0) +
      ready.reduce((sum, { inputs }) => sum + Number(inputs.provisionedConcurrentExecutions), 0);
    // A new account has a thousand, when it has asked for them.
    expect(taken).toBeLessThanOrEqual(900);
    // A name that no function has would reserve nothing, and say nothing.
    const named = ["upload", "catalog", "processing", "search"].flatMap((service) => {
      const text = readFileSync(new URL(`${service}/Pulumi.prod.yaml`, import.meta.url), "utf8");
      return [...text.matchAll(/Concurrency: \{(.*)\}/g)].flatMap(([, list = ""]) =>
        [...list.matchAll(/([\w-]+):/g)].map(([, fn]) => `${service} ${fn}`),
      );
    });
    expect(named.length).toBeGreaterThan(8);
    const there = all("aws:lambda/function:Function").map((fn) => `${fn.program} ${fn.name}`);
    expect(named.filter((one) => !there.includes(one))).toEqual([]);
  });

  it("knows whoever calls the search cluster by his role, and nobody by a password", () => {
    const [domain] = all("aws:opensearch/domain:Domain");
    const master = all("aws:iam/role:Role").find(({ name }) => name === "search-master");
    expect(domain?.inputs.advancedSecurityOptions).toEqual({
      enabled: true,
      internalUserDatabaseEnabled: false,
      masterUserOptions: { masterUserArn: master?.outputs.arn },
    });
    const published = domain?.inputs.logPublishingOptions as { logType: string }[];
    expect(published.map(({ logType }) => logType)).toEqual(
      expect.arrayContaining(["INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS"]),
    );
  });

  it("keeps events and logs for longer, and moves old originals to a cheaper class", () => {
    const days = (stack: string) => [
      Number(all("aws:cloudwatch/eventArchive:EventArchive", stack)[0]?.inputs.retentionDays),
      Number(all("aws:cloudwatch/logGroup:LogGroup", stack)[0]?.inputs.retentionInDays),
    ];
    const [prod, dev] = [days("prod"), days("dev")];
    for (const index of [0, 1]) expect(prod[index]).toBeGreaterThan(dev[index] ?? 0);
    const classes = JSON.stringify(
      all("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"),
    );
    expect(classes).toContain("GLACIER_IR");
  });
});

it("the copies of deleted images that the CDN forgets are those that the environment says", () => {
  const forgets = (stack: string) =>
    all("aws:lambda/function:Function", stack)
      .filter(({ program }) => program === "processing")
      .flatMap(({ inputs }) => {
        const { variables } = inputs.environment as { variables: Record<string, string> };
        return variables.CDN_FORGETS ?? "unsaid";
      });
  expect(new Set(forgets("prod"))).toEqual(new Set(["shown"]));
  expect(new Set(forgets("dev"))).toEqual(new Set(["public"]));
});
