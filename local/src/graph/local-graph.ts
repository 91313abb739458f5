import { cachedGraph } from "./cached-graph.ts";
import type { Resource, World } from "./resource.ts";

/** What the local cloud knows only when it boots. */
export interface Addresses {
  /** Base URLs, without a trailing slash. */
  front: string;
  sqs: string;
  cdn: string;
  search: string;
  keys: World["keys"];
}

/** What stands for them where nothing has booted. */
export const symbolic: Addresses = {
  front: "http://front.invalid",
  sqs: "http://sqs.invalid",
  cdn: "http://cdn.invalid",
  search: "http://search.invalid",
  keys: {
    "cdn-a": { privateKeyPem: "(private key cdn-a)", publicKeyPem: "(public key cdn-a)" },
    "cdn-b": { privateKeyPem: "(private key cdn-b)", publicKeyPem: "(public key cdn-b)" },
  },
};

/**
 * The graph of the `local` stack with the addresses of this boot. `origins` are those of pages that
 * may use the system besides the front door's own; `archiveLag` (seconds) is what the archive is told to lag behind,
 * `userRate` how many requests a second a user may make, where that is not the stack's. It is evaluated with symbols in their place, so that one evaluation serves every data folder and every port.
 */
export async function localGraph(
  account: Pick<World, "region" | "accountId">,
  addresses: Addresses,
  {
    origins = [],
    archiveLag = 0,
    userRate,
  }: { origins?: string[]; archiveLag?: number; userRate?: number } = {},
): Promise<Resource[]> {
  const graph = await cachedGraph({
    stack: "local",
    config: {
      "shoebox-platform:archiveLagSeconds": String(archiveLag),
      ...(userRate !== undefined && {
        "shoebox-platform:userRate": String(userRate),
        "shoebox-platform:userBurst": String(2 * userRate),
      }),
      "shoebox-platform:oidcJwksUri": `${symbolic.front}/.well-known/jwks.json`,
      "shoebox-platform:webOrigins": JSON.stringify([symbolic.front, ...origins]),
    },
    world: {
      ...account,
      sqsUrl: symbolic.sqs,
      searchEndpoint: symbolic.search,
      cdnDomain: symbolic.cdn,
      keys: symbolic.keys,
    },
  });
  const symbols = replacements(symbolic, addresses);
  return replace(graph, (text) =>
    symbols.reduce((result, [symbol, value]) => result.replaceAll(symbol, value), text),
  ) as Resource[];
}

function replacements(from: Addresses, to: Addresses): [string, string][] {
  const { keys: fromKeys, ...fromUrls } = from;
  const urls = Object.entries(fromUrls) as [keyof typeof fromUrls, string][];
  return [
    ...urls.map(([name, symbol]): [string, string] => [symbol, to[name]]),
    ...Object.entries(fromKeys).flatMap(([name, pair]): [string, string][] => [
      [pair.privateKeyPem, to.keys[name]?.privateKeyPem ?? ""],
      [pair.publicKeyPem, to.keys[name]?.publicKeyPem ?? ""],
    ]),
  ];
}

function replace(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => replace(item, change));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, replace(item, change)]),
  );
}
