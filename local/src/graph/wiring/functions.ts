import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Resource } from "../resource.ts";
import { at, type Graph } from "./graph.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** What is deployed is called, and only by whom it may be. */

export function functionsAreCalled(graph: Graph): string[] {
  return graph.ofType("aws:lambda/function:Function").flatMap((fn) => {
    const called =
      graph.mappings().some((mapping) => mapping.inputs.functionName === fn.outputs.arn) ||
      graph.ofType("aws:apigateway/restApi:RestApi").some((api) => isCalledBy(api, fn, graph));
    return called ? [] : [`${at(fn)}: nothing calls this function`];
  });
}

/** Every entry point in a service's folder is declared, and every declared one exists. */
export function sourcesAreDeclared(graph: Graph): string[] {
  const components = graph.ofType("shoebox:index:ServiceFunction");
  const entries = new Set(components.map((component) => String(component.inputs.entry)));
  const missing = [...entries]
    .filter((entry) => !existsSync(join(root, entry)))
    .map((entry) => `${entry}: declared as a function, but there is no such file`);
  const services = [...new Set(components.map((component) => component.program))];
  const forgotten = services.flatMap((service) =>
    readdirSync(join(root, "services", service, "src/functions"))
      .map((file) => `services/${service}/src/functions/${file}`)
      .filter((file) => !file.endsWith(".test.ts") && !entries.has(file))
      .map((file) => `${file}: no program declares this function`),
  );
  const undeployed = components
    .filter(
      (component) =>
        !graph
          .ofType("aws:lambda/function:Function")
          .some((fn) => fn.inputs.name === component.inputs.functionName),
    )
    .map((component) => `${component.inputs.entry}: its function is not declared`);
  return [...missing, ...forgotten, ...undeployed];
}

export function apisMayInvoke(graph: Graph): string[] {
  const permissions = graph.ofType("aws:lambda/permission:Permission");
  return graph.ofType("aws:apigateway/restApi:RestApi").flatMap((api) => {
    const called = graph
      .ofType("aws:lambda/function:Function")
      .filter((fn) => isCalledBy(api, fn, graph));
    const staged = graph
      .ofType("aws:apigateway/stage:Stage")
      .find((stage) => stage.inputs.restApi === api.outputs.id);
    const deployed = graph
      .ofType("aws:apigateway/deployment:Deployment")
      .some((deployment) => deployment.outputs.id === staged?.inputs.deployment);
    return [
      ...(staged && deployed ? [] : [`${at(api)}: it is not deployed to a stage`]),
      ...(called.length >= 2 ? [] : [`${at(api)}: it needs a function and an authorizer`]),
      ...called
        .filter(
          (fn) =>
            !permissions.some(
              (permission) =>
                permission.inputs.function === fn.inputs.name &&
                permission.inputs.qualifier === aliasOf(fn, graph)?.inputs.name &&
                String(permission.inputs.sourceArn).startsWith(String(api.outputs.executionArn)),
            ),
        )
        .map((fn) => `${at(api)}: no permission lets it invoke ${fn.inputs.name}`),
    ];
  });
}

/** Whether an API names the function, or its alias where it has one. */
function isCalledBy(api: Resource, fn: Resource, graph: Graph): boolean {
  const entrance = aliasOf(fn, graph) ?? fn;
  return String(api.inputs.body).includes(String(entrance.outputs.invokeArn));
}

/** A permission is for the function or for its alias: the one does not hold for the other. */
function aliasOf(fn: Resource, graph: Graph): Resource | undefined {
  return graph
    .ofType("aws:lambda/alias:Alias")
    .find((alias) => alias.inputs.functionName === fn.outputs.arn);
}
