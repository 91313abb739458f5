import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { resourceName } from "../components/names.ts";

/** The OpenSearch domain; who may call it is said by the roles of the search service's functions. */
export function createSearchDomain(): aws.opensearch.Domain {
  const config = new pulumi.Config();
  return new aws.opensearch.Domain("search", {
    domainName: resourceName("platform", "search"),
    engineVersion: "OpenSearch_2.19",
    clusterConfig: {
      instanceType: config.require("searchInstanceType"),
      instanceCount: config.requireNumber("searchInstanceCount"),
    },
    ebsOptions: { ebsEnabled: true, volumeType: "gp3", volumeSize: 20 },
    encryptAtRest: { enabled: true },
    nodeToNodeEncryption: { enabled: true },
    domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-2019-07" },
  });
}
