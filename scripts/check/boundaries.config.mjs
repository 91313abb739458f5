/**
 * Who may import whom, for dependency-cruiser. Services meet only in events, decisions are pure, and AWS is behind
 * the adapters; the rules say so in that order. Tests and their kits may start the local cloud.
 */

const TESTS = "[.](test|testkit|fixture)[.]ts$";
const SDKS = "node_modules/(@aws-sdk|@smithy|@opensearch-project)/";

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    {
      name: "no-cycles",
      comment: "What imports itself in a circle can't be understood or loaded in pieces.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "resolvable",
      comment:
        "Imports of our own files are found, or the rules below would be blind; tsc sees to the rest.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, path: "^([.]{1,2}/|@shoebox/)" },
    },
    {
      name: "services-meet-in-events",
      comment:
        "A service imports shared/ and itself, nothing else of ours: services meet only in events.",
      severity: "error",
      from: { path: "^services/([^/]+)/", pathNot: TESTS },
      to: {
        path: "^(services|infra|local|sim|ops|e2e|scripts|clients|web|cli|bench)/",
        pathNot: "^services/$1/",
      },
    },
    {
      name: "tests-know-no-other-service",
      comment: "A service's tests may use the local cloud, but no other service.",
      severity: "error",
      from: { path: `^services/([^/]+)/.*${TESTS}` },
      to: { path: "^(services|infra|sim|e2e)/", pathNot: "^services/$1/" },
    },
    {
      name: "shared-is-the-bottom",
      comment: "shared/ knows none of those who use it.",
      severity: "error",
      from: { path: "^shared/", pathNot: TESTS },
      to: { path: "^(services|infra|local|sim|ops|e2e|scripts|clients|web|cli|bench)/" },
    },
    {
      name: "domain-is-pure",
      comment:
        "Decisions use no SDK, no logger and nothing of Node: what they need to know is an argument.",
      severity: "error",
      from: { path: "^services/[^/]+/src/domain/", pathNot: TESTS },
      to: { path: `${SDKS}|node_modules/(pino|hono|sharp)/` },
    },
    {
      name: "domain-uses-no-platform",
      comment:
        "Decisions use no SDK, no logger and nothing of Node: what they need to know is an argument.",
      severity: "error",
      from: { path: "^services/[^/]+/src/domain/", pathNot: TESTS },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "domain-stands-alone",
      comment:
        "Decisions import other decisions and the vocabulary of shared/, not what carries them out.",
      severity: "error",
      from: { path: "^services/[^/]+/src/domain/", pathNot: TESTS },
      to: {
        path: "^(services/[^/]+/src/(?!domain/)|shared/src/(aws|messaging|http|auth|cdn|log|config))",
      },
    },
    {
      name: "aws-behind-adapters",
      comment: "Only a service's adapters talk to AWS and OpenSearch, in the domain's words.",
      severity: "error",
      from: { path: "^services/", pathNot: [TESTS, "^services/[^/]+/src/adapters/"] },
      to: { path: SDKS },
    },
    {
      name: "shared-aws-in-its-place",
      comment: "In shared/, only messaging and aws talk to AWS.",
      severity: "error",
      from: { path: "^shared/", pathNot: [TESTS, "^shared/src/(messaging|aws)/"] },
      to: { path: SDKS },
    },
    {
      name: "infra-reads-contracts",
      comment:
        "The Pulumi programs import the shared contracts and a service's OpenAPI document, no service code.",
      severity: "error",
      from: { path: "^infra/", pathNot: TESTS },
      to: {
        path: "^(services|local|sim|e2e|scripts|clients|web|cli|bench)/",
        pathNot: "^services/[^/]+/src/api/openapi[.]ts$",
      },
    },
    {
      name: "ops-uses-the-api",
      comment:
        "The ops tool is a client: it knows the API and AWS's control planes, and none of our code but shared/.",
      severity: "error",
      from: { path: "^ops/", pathNot: TESTS },
      to: { path: "^(services|infra|local|sim|e2e|scripts|clients|web|cli|bench)/" },
    },
    {
      name: "clients-know-the-api-alone",
      comment:
        "What talks to a Shoebox from outside knows its API, from the document that the types are made of, and nothing of ours.",
      severity: "error",
      from: { path: "^clients/typescript/src/" },
      to: { path: "^(shared|services|infra|local|sim|ops|e2e|scripts|web|cli|bench)/" },
    },
    {
      name: "front-ends-use-the-client",
      comment: "The gallery and the command line reach a Shoebox through @shoebox/client.",
      severity: "error",
      from: { path: "^(web|cli)/", pathNot: TESTS },
      to: { path: "^(shared|services|infra|local|sim|ops|e2e|scripts|bench)/" },
    },
    {
      name: "web-uses-the-api",
      comment:
        "The gallery is a client: of our code it knows the client library alone, so that it can be served from anywhere.",
      severity: "error",
      from: { path: "^web/src/" },
      to: { path: "^(services|shared|infra|local|sim|ops|e2e|scripts|cli|bench)/" },
    },
    {
      name: "nobody-imports-benchmarks",
      comment: "Benchmarks may import anything; nothing imports them.",
      severity: "error",
      from: { pathNot: "^bench/" },
      to: { path: "^bench/" },
    },
    {
      name: "production-imports-no-tests",
      comment: "What is deployed imports no test, kit or fixture.",
      severity: "error",
      from: { pathNot: [TESTS, "^(e2e|sim|bench)/"] },
      to: { path: TESTS },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    // What a build leaves is made of these modules, and is none of them.
    exclude: { path: "(^|/)dist/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "types", "default"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json"],
    },
  },
};
