import { describe, expect, it } from "vitest";
import type { Call } from "./call.ts";
import { allows } from "./policy.ts";
import { requiredRights } from "./required-rights.ts";

const account = {
  region: "us-east-1",
  accountId: "000000000000",
  search: { domainArn: "arn:aws:es:us-east-1:000000000000:domain/search" },
};

function rights(service: string, call: Partial<Omit<Call, "body">> & { body?: unknown }): string[] {
  const { body = "", ...rest } = call;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return requiredRights(
    {
      service,
      method: "POST",
      path: "/",
      query: new URLSearchParams(),
      target: "",
      ...rest,
      body: () => text,
    },
    account,
  ).map(({ action, resource }) => `${action} ${resource.replace(/.*000000000000:|.*:::/, "")}`);
}

const s3 = (method: string, url: string, body = "") => {
  const { pathname: path, searchParams: query } = new URL(url, "http://local");
  return rights("s3", { method, path, query, body });
};
const dynamodb = (operation: string, body: object) =>
  rights("dynamodb", { target: `DynamoDB_20120810.${operation}`, body });

describe("the rights a call needs", () => {
  it("are those of each table and index that it names", () => {
    expect(dynamodb("Query", { TableName: "t", IndexName: "i" })).toEqual([
      "dynamodb:Query table/t/index/i",
    ]);
    expect(dynamodb("BatchGetItem", { RequestItems: { a: {}, b: {} } })).toEqual([
      "dynamodb:BatchGetItem table/a",
      "dynamodb:BatchGetItem table/b",
    ]);
  });

  it("of a transaction are those of its parts", () => {
    const TransactItems = [
      { Update: { TableName: "t" } },
      { Put: { TableName: "t" } },
      { ConditionCheck: { TableName: "u" } },
    ];
    expect(dynamodb("TransactWriteItems", { TransactItems })).toEqual([
      "dynamodb:UpdateItem table/t",
      "dynamodb:PutItem table/t",
      "dynamodb:ConditionCheckItem table/u",
    ]);
  });

  it.each([
    ["GET", "/b/a%20key", "s3:GetObject b/a key"],
    ["HEAD", "/b/k?versionId=1", "s3:GetObjectVersion b/k"],
    ["PUT", "/b/k", "s3:PutObject b/k"],
    ["POST", "/b/k?uploads", "s3:PutObject b/k"],
    ["POST", "/b/k?uploadId=1", "s3:PutObject b/k"],
    ["GET", "/b/k?tagging&versionId=1", "s3:GetObjectVersionTagging b/k"],
    ["GET", "/b/k?uploadId=1", "s3:ListMultipartUploadParts b/k"],
    ["DELETE", "/b/k?uploadId=1", "s3:AbortMultipartUpload b/k"],
    ["DELETE", "/b/k?versionId=1", "s3:DeleteObjectVersion b/k"],
    ["GET", "/b/?list-type=2&prefix=p", "s3:ListBucket b"],
    ["GET", "/b?versions", "s3:ListBucketVersions b"],
    ["HEAD", "/b", "s3:ListBucket b"],
  ])("of S3: %s %s is %s", (method, url, right) => {
    expect(s3(method, url)).toEqual([right]);
  });

  it("of a deletion of many objects are those of each, versions apart", () => {
    const body =
      "<Delete><Object><Key>a</Key></Object><Object><Key>b</Key><VersionId>1</VersionId></Object></Delete>";
    expect(s3("POST", "/b?delete", body)).toEqual([
      "s3:DeleteObject b/a",
      "s3:DeleteObjectVersion b/b",
    ]);
  });

  it("of queues, buses, secrets and the search domain name the one that is meant", () => {
    expect(
      rights("sqs", {
        target: "AmazonSQS.SendMessageBatch",
        body: { QueueUrl: "http://x/000000000000/q" },
      }),
    ).toEqual(["sqs:SendMessage q"]);
    expect(
      rights("eventbridge", {
        target: "AWSEvents.PutEvents",
        body: { Entries: [{ EventBusName: "bus" }, { EventBusName: "bus" }] },
      }),
    ).toEqual(["events:PutEvents event-bus/bus"]);
    expect(rights("cloudfront", { path: "/2020-05-31/distribution/d/invalidation" })).toEqual([
      "cloudfront:CreateInvalidation distribution/d",
    ]);
    expect(rights("opensearch", { path: "/images/_search" })).toEqual([
      "es:ESHttpPost domain/search/images/_search",
    ]);
  });

  it("of a call that nobody described can't be decided", () => {
    expect(() => dynamodb("DeleteTable", {})).toThrow("DeleteTable");
    expect(() => s3("GET", "/b?policy")).toThrow("bucket");
    expect(() => rights("kms", {})).toThrow("kms");
  });
});

describe("a role", () => {
  const policy = [{ Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::b/*"] }];
  const may = (action: string, resource: string) => allows(policy, { action, resource });

  it("allows what it names, and nothing beside it", () => {
    expect(may("s3:GetObject", "arn:aws:s3:::b/any/key")).toBe(true);
    expect(may("s3:GetObjectVersion", "arn:aws:s3:::b/any/key")).toBe(false);
    expect(may("s3:GetObject", "arn:aws:s3:::bb/key")).toBe(false);
    expect(may("s3:GetObject", "arn:aws:s3:::b")).toBe(false);
  });
});
