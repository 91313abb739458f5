import { cachedGraph } from "@shoebox/local/graph/cached-graph";
import { awsWorld, type Resource } from "@shoebox/local/graph/resource";
import { beforeAll, describe, expect, it } from "vitest";
import { commandsInCode } from "./commands-in-code.testkit.ts";

/**
 * The rights that each command of the SDK can make use of (Service Authorization Reference). The
 * other half, that no call lacks a right, is enforced call by call when the local cloud runs.
 */
const rightsOf: Record<string, string[]> = {
  GetCommand: ["dynamodb:GetItem"],
  PutCommand: ["dynamodb:PutItem"],
  UpdateCommand: ["dynamodb:UpdateItem"],
  DeleteCommand: ["dynamodb:DeleteItem"],
  QueryCommand: ["dynamodb:Query"],
  ScanCommand: ["dynamodb:Scan"],
  BatchGetCommand: ["dynamodb:BatchGetItem"],
  BatchWriteCommand: ["dynamodb:BatchWriteItem"],
  TransactWriteCommand: [
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:DeleteItem",
    "dynamodb:ConditionCheckItem",
  ],
  // Who may not list gets 403 for what is missing, where the code must tell 404 from 403.
  GetObjectCommand: [
    "s3:GetObject",
    "s3:GetObjectVersion",
    "s3:ListBucket",
    "s3:ListBucketVersions",
  ],
  GetObjectTaggingCommand: ["s3:GetObjectTagging", "s3:GetObjectVersionTagging"],
  HeadObjectCommand: ["s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"],
  PutObjectCommand: ["s3:PutObject"],
  DeleteObjectCommand: ["s3:DeleteObject", "s3:DeleteObjectVersion"],
  DeleteObjectsCommand: ["s3:DeleteObject", "s3:DeleteObjectVersion"],
  ListObjectsV2Command: ["s3:ListBucket"],
  ListObjectVersionsCommand: ["s3:ListBucketVersions"],
  ListMultipartUploadsCommand: ["s3:ListBucketMultipartUploads"],
  HeadBucketCommand: ["s3:ListBucket"],
  CreateMultipartUploadCommand: ["s3:PutObject"],
  CompleteMultipartUploadCommand: ["s3:PutObject"],
  AbortMultipartUploadCommand: ["s3:AbortMultipartUpload"],
  ListPartsCommand: ["s3:ListMultipartUploadParts"],
  SendMessageCommand: ["sqs:SendMessage"],
  SendMessageBatchCommand: ["sqs:SendMessage"],
  ReceiveMessageCommand: ["sqs:ReceiveMessage"],
  DeleteMessageCommand: ["sqs:DeleteMessage"],
  ChangeMessageVisibilityCommand: ["sqs:ChangeMessageVisibility"],
  GetQueueAttributesCommand: ["sqs:GetQueueAttributes"],
  GetQueueUrlCommand: ["sqs:GetQueueUrl"],
  PutEventsCommand: ["events:PutEvents"],
  DescribeArchiveCommand: ["events:DescribeArchive"],
  StartReplayCommand: ["events:StartReplay"],
  DescribeReplayCommand: ["events:DescribeReplay"],
  CancelReplayCommand: ["events:CancelReplay"],
  CreateInvalidationCommand: ["cloudfront:CreateInvalidation"],
  GetShardIteratorCommand: ["dynamodb:GetShardIterator"],
  GetRecordsCommand: ["dynamodb:GetRecords"],
  ListQueuesCommand: ["sqs:ListQueues"],
  ChangeMessageVisibilityBatchCommand: ["sqs:ChangeMessageVisibility"],
  ListDomainNamesCommand: ["es:ListDomainNames"],
  DescribeDomainCommand: ["es:DescribeDomain"],
  DescribeDomainHealthCommand: ["es:DescribeDomainHealth"],
  GetSecretValueCommand: ["secretsmanager:GetSecretValue"],
};

interface Statement {
  Action: string[];
  Resource: string[];
}

let graph: Resource[] = [];
let commands: Map<string, Set<string>>;
let operators: Map<string, Set<string>>;
beforeAll(async () => {
  graph = await cachedGraph({ stack: "prod", config: {}, world: awsWorld });
  [commands, operators] = await Promise.all([
    commandsInCode(
      ofType("shoebox:index:ServiceFunction").map(({ inputs }) => String(inputs.entry)),
    ),
    commandsInCode(["ops/src/main.ts"]),
  ]);
  // Far above what it takes: each evaluation is a process that loads Pulumi.
}, 240_000);

const ofType = (type: string) => graph.filter((resource) => resource.type === type);

/** The statements of a function's role that its program wrote for its code; not those of its trigger, its logs and its traces. */
function ownStatements(component: Resource): Statement[] {
  return ofType("aws:iam/rolePolicy:RolePolicy")
    .filter(({ inputs }) => inputs.role === component.inputs.functionName)
    .filter(({ inputs }) => !String(inputs.name).endsWith("source"))
    .flatMap(
      ({ inputs }) => (JSON.parse(String(inputs.policy)) as { Statement: Statement[] }).Statement,
    )
    .filter(({ Action }) => !Action.every((action) => /^(logs|xray):/.test(action)));
}

describe("every function's role", () => {
  it("allows nothing that the function's code could not do", () => {
    const idle = ofType("shoebox:index:ServiceFunction").flatMap((component) => {
      const entry = String(component.inputs.entry);
      const usable = new Set(
        [...(commands.get(entry) ?? [])].flatMap((name) => rightsOf[name] ?? []),
      );
      return ownStatements(component)
        .flatMap(({ Action }) => Action)
        .filter((action) => !action.startsWith("es:") && !usable.has(action))
        .map((action) => `${entry}: ${action}`);
    });
    expect(idle).toEqual([]);
  });

  it("knows every command of the code", () => {
    const unknown = [...commands].flatMap(([entry, names]) =>
      [...names].filter((name) => !(name in rightsOf)).map((name) => `${entry}: ${name}`),
    );
    expect(unknown).toEqual([]);
    expect(new Set([...commands.values()].flatMap((names) => [...names])).size).toBeGreaterThan(15);
  });

  it("names what it allows: no action is a wildcard, and no resource but that of traces", () => {
    const wild = ofType("aws:iam/rolePolicy:RolePolicy").flatMap(({ inputs, program, name }) =>
      (JSON.parse(String(inputs.policy)) as { Statement: Statement[] }).Statement.filter(
        ({ Action, Resource }) =>
          Action.some((action) => action.includes("*")) ||
          (Resource.includes("*") && !Action.every((action) => action.startsWith("xray:"))),
      ).map(() => `${program} ${name}`),
    );
    expect(wild).toEqual([]);
  });
});

describe("the operators' policies", () => {
  const operatorsPolicies = () =>
    ofType("aws:iam/policy:Policy").map(({ program, inputs }) => ({
      program,
      ...(JSON.parse(String(inputs.policy)) as { Statement: Statement[] }),
    }));

  it("are the platform's, for what the ops tool does with AWS itself, and one a service, for its routes alone", () => {
    expect(
      operatorsPolicies()
        .map(({ program }) => program)
        .sort(),
    ).toEqual(["catalog", "platform", "processing", "search", "upload"]);
    for (const { program, Statement } of operatorsPolicies()) {
      if (program === "platform") continue;
      expect(Statement.flatMap(({ Action }) => Action)).toEqual(["execute-api:Invoke"]);
    }
    const rights = operatorsPolicies().flatMap(({ Statement }) =>
      Statement.flatMap(({ Action }) => Action),
    );
    // Nobody reads everybody's metadata out of its stores because he runs the system.
    expect(rights.filter((right) => /^(dynamodb|s3|es:ESHttp)/.test(right))).toEqual([]);
  });

  it("of the platform has the rights of the ops tool, each of them and no other, on what is Shoebox's", () => {
    const Statement =
      operatorsPolicies().find(({ program }) => program === "platform")?.Statement ?? [];
    const used = [...(operators.get("ops/src/main.ts") ?? [])];
    expect(used.filter((name) => !(name in rightsOf))).toEqual([]);
    const needed = new Set(used.flatMap((name) => rightsOf[name] ?? []));
    expect(Statement.flatMap(({ Action }) => Action).sort()).toEqual([...needed].sort());
    for (const { Action, Resource } of Statement) {
      const listing = Action.every((action) => action.includes(":List"));
      for (const arn of Resource) expect(listing || arn.includes("shoebox-prod-")).toBe(true);
    }
  });
});
