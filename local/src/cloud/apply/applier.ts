import type { Resource } from "../../graph/resource.ts";
import type { AwsClients } from "../aws-clients.ts";

/** Makes one resource real, through the same SDK calls that anyone would make. Idempotent: every boot applies all. */
export type Applier = (resource: Resource, aws: AwsClients) => Promise<void>;
