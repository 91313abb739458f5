import * as pulumi from "@pulumi/pulumi";

/** What the platform offers to every service: the only thing that services share. */
export interface PlatformOutputs {
  busName: string;
  busArn: string;
  archiveArn: string;
  archiveLag: number;
  /** The registry that holds the contracts of all events. */
  schemaRegistry: string;
  searchEndpoint: string;
  searchDomainArn: string;
  cdnDomain: string;
  cdnDistributionId: string;
  cdnDistributionArn: string;
  cdnKeyId: string;
  cdnKeySecretArn: string;
  oidcIssuer: string;
  oidcAudience: string;
  oidcJwksUri: string;
  webOrigins: string[];
  /** Requests a second that one user may make of each API, and how many above that in any time. */
  userRate: number;
  userBurst: number;
  logLevel: string;
  /** Days that logs of functions and APIs are kept. */
  logDays: number;
  /** The SNS topic of all alarms. */
  alarmTopic: string;
  /** The web ACL that guards the APIs; empty where the environment has none. */
  webAclArn: string;
  /** The name that all APIs share; empty where they have only those that AWS gives them. */
  apiDomain: string;
}

export type Platform = { [K in keyof PlatformOutputs]: pulumi.Output<PlatformOutputs[K]> };

/** The platform of this environment, by a stack reference. */
export function readPlatform(): Platform {
  const reference = new pulumi.StackReference(
    `${pulumi.getOrganization()}/shoebox-platform/${pulumi.getStack()}`,
  );
  return new Proxy({} as Platform, {
    get: (_, output: string) => reference.requireOutput(output),
  });
}
