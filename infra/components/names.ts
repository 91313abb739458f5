import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** The physical name of a thing of a service: `shoebox-<stack>-<service>-<thing>`. */
export function resourceName(service: string, thing: string): string {
  return `shoebox-${pulumi.getStack()}-${service}-${thing}`;
}

/**
 * The name of a bucket, unique in the world through the account's number. It is a function of the
 * stack alone, so that the platform's CDN and the service that owns the bucket agree on it without
 * reading each other's stacks.
 */
export function bucketName(
  thing: "originals" | "processed" | "web" | "access-logs",
): pulumi.Output<string> {
  const account = aws.getCallerIdentityOutput().accountId;
  return pulumi.interpolate`shoebox-${pulumi.getStack()}-${thing}-${account}`;
}
