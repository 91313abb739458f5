import type { Client } from "@opensearch-project/opensearch";

/** What the tests work with: a client, and names of indices that no other run uses. */
export type Harness = { client: Client; name(label: string): string };
