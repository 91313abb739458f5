import type { Resource } from "./resource.ts";

/**
 * An attribute that nobody computes becomes the text "undefined" in whatever it is interpolated
 * into, without an error: it is refused here, before anything is built of it.
 */
export function refuseUndefined(resource: Resource): void {
  const visit = (value: unknown, path: string): void => {
    if (typeof value === "string" && /\bundefined\b/.test(value)) {
      const { program, type, name } = resource;
      throw new Error(
        `${program}: ${type} ${name}: ${path} holds an undefined value: ${value.slice(0, 200)}`,
      );
    }
    if (value !== null && typeof value === "object") {
      for (const [key, item] of Object.entries(value)) visit(item, `${path}.${key}`);
    }
  };
  visit(resource.inputs, "inputs");
}
