import * as pulumi from "@pulumi/pulumi";
import { document } from "@shoebox/search/api/openapi";
import { ImageCataloged, ImageDeleted, ImageUpdated } from "@shoebox/shared/events/catalog";
import { readPlatform } from "../components/platform-outputs.ts";
import { Service } from "../components/service.ts";

/** The search service: a projection of the catalog's events into OpenSearch, and the queries over it. */

const platform = readPlatform();

const search = new Service("search", platform, {
  environment: {
    OPENSEARCH_ENDPOINT: platform.searchEndpoint,
    CDN_DOMAIN: platform.cdnDomain,
    CDN_KEY_ID: platform.cdnKeyId,
    CDN_KEY_SECRET: platform.cdnKeySecretArn,
  },
});

const index = pulumi.interpolate`${platform.searchDomainArn}/*`;

const api = search.api(document(), {
  // A search may wait for 25 seconds until it knows a change; API Gateway gives up after 29.
  timeout: 29,
  allow: [
    { actions: ["es:ESHttpGet", "es:ESHttpPost"], resources: [index] },
    { actions: ["secretsmanager:GetSecretValue"], resources: [platform.cdnKeySecretArn] },
  ],
});

search.onEvents("projector", [ImageCataloged, ImageUpdated, ImageDeleted], {
  concurrency: 5,
  outlastsOutages: true,
  allow: [
    {
      actions: ["es:ESHttpGet", "es:ESHttpPost", "es:ESHttpPut", "es:ESHttpHead"],
      resources: [index],
    },
  ],
});

export const url = api.url;
