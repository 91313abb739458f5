import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { registrySchemas } from "@shoebox/shared/events/contracts";
import type { ServiceName } from "@shoebox/shared/events/define";

/**
 * Puts the contracts of what a service publishes into the registry: with the service's own deployment,
 * so that nobody finds a contract there that is not kept yet. The registry itself counts the versions of
 * a schema that grows; a breaking one has another name.
 */
export function registerSchemas(service: ServiceName, registry: pulumi.Input<string>): void {
  for (const { name, description, schema } of registrySchemas(service)) {
    new aws.schemas.Schema(name.replace(/^.*@/, ""), {
      name,
      registryName: registry,
      type: "JSONSchemaDraft4",
      description,
      content: JSON.stringify(schema),
    });
  }
}
