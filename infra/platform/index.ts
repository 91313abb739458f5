import * as pulumi from "@pulumi/pulumi";
import { createAccessLogs } from "./access-logs.ts";
import { createBus } from "./bus.ts";
import { createCdn } from "./cdn.ts";
import { logCdn } from "./cdn-logs.ts";
import { configuredDomains, createApiDomain } from "./domains.ts";
import { createFirewall } from "./firewall.ts";
import { createAlarmTopic, createBudget } from "./monitoring.ts";
import { createOperators } from "./operators.ts";
import { createOverview } from "./overview.ts";
import { createSearchDomain } from "./search-domain.ts";

/** What all services share: the bus, the search domain, the CDN, and who may sign in. */

const config = new pulumi.Config();
const { bus, archive, registry } = createBus();
const alarms = createAlarmTopic();
const domain = createSearchDomain(alarms.arn);
const domains = configuredDomains();
const cdn = createCdn(domains);
createBudget(alarms);
createOperators(domain);
logCdn(cdn.distribution, createAccessLogs());
createOverview({ bus, domain, distribution: cdn.distribution });

export const busName = bus.name;
export const busArn = bus.arn;
export const archiveArn = archive.arn;
export const schemaRegistry = registry.name;
/** Seconds until an event is in the archive for certain; AWS advises to wait ten minutes. */
export const archiveLag = config.requireNumber("archiveLagSeconds");
export const searchEndpoint = domain.endpoint;
export const searchDomainArn = domain.arn;
export const cdnDomain = cdn.domain;
export const cdnDistributionId = cdn.distribution.id;
export const cdnDistributionArn = cdn.distribution.arn;
export const cdnKeyId = cdn.keyId;
export const cdnKeySecretArn = cdn.keySecretArn;
export const oidcIssuer = config.require("oidcIssuer");
export const oidcAudience = config.require("oidcAudience");
export const oidcJwksUri = config.require("oidcJwksUri");
export const webOrigins = config.requireObject<string[]>("webOrigins");
export const userRate = config.requireNumber("userRate");
export const userBurst = config.requireNumber("userBurst");
export const logLevel = config.get("logLevel") ?? "info";
export const logDays = config.requireNumber("logDays");
export const webAclArn = createFirewall(cdn.edgeSecret);
export const alarmTopic = alarms.arn;
/** The name of all APIs, by which each service leads its own path to itself; empty where there is none. */
export const apiDomain = domains ? createApiDomain(domains).domainName : "";
