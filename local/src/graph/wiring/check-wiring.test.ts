import { beforeAll, describe, expect, it } from "vitest";
import { cachedGraph } from "../cached-graph.ts";
import { awsWorld, type Resource } from "../resource.ts";
import { checkWiring } from "./check-wiring.ts";

/** Types without which something would silently not work; every single one of them is taken out below. */
const loadBearing = new Set([
  "aws:apigateway/deployment:Deployment",
  "aws:apigateway/restApi:RestApi",
  "aws:apigateway/stage:Stage",
  "aws:cloudfront/distribution:Distribution",
  "aws:cloudfront/originAccessControl:OriginAccessControl",
  "aws:cloudfront/keyGroup:KeyGroup",
  "aws:cloudfront/publicKey:PublicKey",
  "aws:cloudwatch/eventArchive:EventArchive",
  "aws:cloudwatch/eventRule:EventRule",
  "aws:cloudwatch/eventTarget:EventTarget",
  "aws:iam/role:Role",
  "aws:lambda/eventSourceMapping:EventSourceMapping",
  "aws:lambda/function:Function",
  "aws:lambda/permission:Permission",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketNotification:BucketNotification",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:secretsmanager/secret:Secret",
  "aws:secretsmanager/secretVersion:SecretVersion",
  "aws:sqs/queue:Queue",
  "aws:sqs/queuePolicy:QueuePolicy",
]);

let graph: Resource[] = [];
beforeAll(async () => {
  graph = await cachedGraph({ stack: "dev", config: {}, world: awsWorld });
}, 60_000);

describe("the wiring of what the programs declare", () => {
  it("has nothing to complain about", () => {
    expect(checkWiring(graph)).toEqual([]);
  });

  it("breaks when any one load-bearing resource is taken out", () => {
    const kinds = new Set(graph.map((resource) => resource.type));
    expect([...loadBearing].filter((type) => !kinds.has(type))).toEqual([]);

    // A deleted role is held by its function's event source; an API's functions have none.
    const unnoticed = graph
      .filter((resource) => loadBearing.has(resource.type))
      .filter(
        (resource) =>
          !(resource.type.endsWith(":Role") && /^(api|authorizer)$/.test(resource.name)),
      )
      .filter((gone) => checkWiring(graph.filter((resource) => resource !== gone)).length === 0)
      .map((resource) => `${resource.program} ${resource.type} ${resource.name}`);
    expect(unnoticed).toEqual([]);
  });

  it("breaks when the right of a function to read its source is taken out", () => {
    const sources = graph.filter(
      (resource) =>
        resource.type === "aws:iam/rolePolicy:RolePolicy" && resource.name.endsWith("-source"),
    );
    expect(sources.length).toBeGreaterThan(8);
    for (const gone of sources) {
      expect(checkWiring(graph.filter((resource) => resource !== gone))).not.toEqual([]);
    }
  });

  it("breaks when a program forgets a function whose file is there", () => {
    const without = graph.filter(
      (resource) => !(resource.program === "catalog" && resource.name.startsWith("ingest")),
    );
    expect(checkWiring(without).join()).toContain("services/catalog/src/functions/ingest.ts");
  });
});
