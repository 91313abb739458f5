import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { Client } from "@opensearch-project/opensearch";
import { AwsSigv4Signer } from "@opensearch-project/opensearch/aws-v3";

const REQUEST_TIMEOUT_MS = 10_000;

/** A client that signs every request as the function's role; a cluster without IAM ignores the signature. */
export function createOpenSearchClient(endpoint: string, region: string): Client {
  return new Client({
    ...AwsSigv4Signer({ region, service: "es", getCredentials: defaultProvider() }),
    node: endpoint,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Queues retry what is written, clients what is read: a second layer would only pile up load.
    maxRetries: 1,
  });
}
