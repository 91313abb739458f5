import { describe, expect, it } from "vitest";
import { callFunction, newResource } from "./attributes.ts";
import { refuseUndefined } from "./refuse-undefined.ts";
import { awsWorld } from "./resource.ts";

describe("what a program is given when it is evaluated", () => {
  it("is what AWS would give", () => {
    const queue = { type: "aws:sqs/queue:Queue", name: "work", inputs: { name: "shoebox-work" } };
    expect(newResource(queue, awsWorld).state).toMatchObject({
      arn: "arn:aws:sqs:us-east-1:000000000000:shoebox-work",
      url: "https://sqs.us-east-1.amazonaws.com/000000000000/shoebox-work",
    });
  });

  it("is nothing, but an error, for a type that nobody described", () => {
    const topic = { type: "aws:kinesis/stream:Stream", name: "news", inputs: {} };
    expect(() => newResource(topic, awsWorld)).toThrow("aws:kinesis/stream:Stream (news)");
    expect(() => callFunction("aws:ec2/getVpc:getVpc", {}, awsWorld)).toThrow("getVpc");
  });

  it("writes policies as IAM reads them", () => {
    const { json } = callFunction(
      "aws:iam/getPolicyDocument:getPolicyDocument",
      {
        statements: [
          {
            actions: ["sqs:SendMessage"],
            resources: ["arn:q"],
            principals: [{ type: "Service", identifiers: ["events.amazonaws.com"] }],
            conditions: [{ test: "ArnEquals", variable: "aws:SourceArn", values: ["arn:r"] }],
          },
        ],
      },
      awsWorld,
    );
    expect(JSON.parse(String(json))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: ["events.amazonaws.com"] },
          Action: ["sqs:SendMessage"],
          Resource: ["arn:q"],
          Condition: { ArnEquals: { "aws:SourceArn": ["arn:r"] } },
        },
      ],
    });
  });
});

describe("an undefined value", () => {
  const resource = { program: "upload", type: "aws:sqs/queue:Queue", name: "work", outputs: {} };

  it("stops the evaluation, and is found however deep it is", () => {
    const inputs = { policies: [{ resource: "arn:aws:sqs:undefined:work" }] };
    expect(() => refuseUndefined({ ...resource, inputs })).toThrow(
      "upload: aws:sqs/queue:Queue work: inputs.policies.0.resource",
    );
  });

  it("is not seen where there is none", () => {
    expect(() => refuseUndefined({ ...resource, inputs: { name: "undefinedly" } })).not.toThrow();
  });
});
