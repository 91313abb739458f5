/** A resource of the API with what its methods lead to. */
export interface Resource<T> {
  /** The path template, e.g. `/v1/images/{imageId}`. */
  path: string;
  /** By upper-case method, or `ANY`. */
  methods: Map<string, T>;
}

export interface Match<T> {
  resource: Resource<T>;
  target: T;
  /** As in the request, percent-encoded: REST APIs do not decode path parameters. */
  pathParameters: Record<string, string>;
}

interface Node<T> {
  statics: Map<string, Node<T>>;
  parameter?: { name: string; node: Node<T> };
  greedy?: { name: string; resource: Resource<T> };
  resource?: Resource<T>;
}

/**
 * Compiles the resources into a lookup: a static segment wins over `{parameter}`, which wins over `{proxy+}`. The
 * resource is chosen by its path alone; a method that it lacks is not looked for elsewhere.
 *
 * @throws Error naming a path that clashes with another or that is not a valid template
 */
export function compileRoutes<T>(
  resources: Resource<T>[],
): (method: string, path: string) => Match<T> | undefined {
  const root: Node<T> = { statics: new Map() };
  for (const resource of resources) insert(root, resource);
  return (method, path) => {
    const pathParameters: Record<string, string> = {};
    const resource = find(root, segmentsOf(path), 0, pathParameters);
    const target = resource?.methods.get(method) ?? resource?.methods.get("ANY");
    return resource && target ? { resource, target, pathParameters } : undefined;
  };
}

/** Slashes at the end are ignored, as API Gateway does. */
function segmentsOf(path: string): string[] {
  const trimmed = path.replace(/\/+$/, "");
  return trimmed === "" ? [] : trimmed.slice(1).split("/");
}

function insert<T>(root: Node<T>, resource: Resource<T>): void {
  const { path } = resource;
  if (!path.startsWith("/")) throw new Error(`The path ${path} does not begin with a slash.`);
  let node = root;
  const segments = segmentsOf(path);
  for (const [index, segment] of segments.entries()) {
    const name = /^\{([\w.:-]+)(\+?)\}$/.exec(segment);
    if (!name) {
      if (/[{}]/.test(segment)) {
        throw new Error(`The path ${path} has a segment that is only partly a parameter.`);
      }
      node = child(node.statics, segment);
    } else if (name[2] === "+") {
      if (index !== segments.length - 1) {
        throw new Error(`The greedy parameter of ${path} is not at its end.`);
      }
      refuseSibling(node.parameter?.name ?? node.greedy?.name, path);
      node.greedy = { name: name[1] ?? "", resource };
      return;
    } else {
      node.parameter ??= { name: name[1] ?? "", node: { statics: new Map() } };
      const other = node.parameter.name === name[1] ? node.greedy?.name : node.parameter.name;
      refuseSibling(other, path);
      node = node.parameter.node;
    }
  }
  if (node.resource) throw new Error(`The path ${path} is declared twice.`);
  node.resource = resource;
}

/** CreateResource fails on a second variable child, and `{name}` beside `{proxy+}` is one as well. */
function refuseSibling(other: string | undefined, path: string): void {
  if (other === undefined) return;
  throw new Error(
    `The path ${path}: a sibling ({${other}}) already has a variable path part, and API Gateway allows only one.`,
  );
}

function child<T>(nodes: Map<string, Node<T>>, segment: string): Node<T> {
  const known = nodes.get(segment);
  if (known) return known;
  const node: Node<T> = { statics: new Map() };
  nodes.set(segment, node);
  return node;
}

function find<T>(
  node: Node<T>,
  segments: string[],
  at: number,
  parameters: Record<string, string>,
): Resource<T> | undefined {
  const segment = segments[at];
  if (segment === undefined) return node.resource;
  const next = node.statics.get(segment);
  const byStatic = next && find(next, segments, at + 1, parameters);
  if (byStatic) return byStatic;
  // An empty segment is no value of a parameter.
  if (node.parameter && segment !== "") {
    const byParameter = find(node.parameter.node, segments, at + 1, parameters);
    if (byParameter) {
      parameters[node.parameter.name] = segment;
      return byParameter;
    }
  }
  if (!node.greedy) return undefined;
  parameters[node.greedy.name] = segments.slice(at).join("/");
  return node.greedy.resource;
}
