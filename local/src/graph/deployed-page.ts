import { programs, type Resource } from "./resource.ts";

interface Pattern {
  source?: string[];
  "detail-type"?: string[];
  "replay-name"?: { exists: boolean }[];
}

/** What can be drawn of the name of a resource: the letters that Mermaid takes for an id. */
const idOf = (...parts: string[]) => parts.join("_").replaceAll(/\W/g, "_");

/**
 * The page that shows what is deployed, in Markdown with Mermaid: how events and requests flow through the
 * functions, and what each function may touch. It is made of the evaluated programs alone.
 */
export function deployedPage(declared: Resource[], stack: string): string {
  // Whatever order an evaluation had them in.
  const graph = declared.toSorted(
    (a, b) => a.type.localeCompare(b.type, "en") || a.name.localeCompare(b.name, "en"),
  );
  const services = programs.filter((program) => program !== "platform");
  return [
    "# What is deployed",
    "",
    `Made by \`npm run graph -- --stack ${stack} --diagram docs/deployed.md\` of what the Pulumi programs declare for \`${stack}\`;`,
    "`npm run check` holds it to them. It has been evaluated, and not been deployed to AWS yet.",
    "",
    "## How it hangs together",
    "",
    ...mermaid(overview(graph, services)),
    ...services.flatMap((service) => [
      `## ${service}`,
      "",
      ...mermaid(flow(graph, service)),
      ...table(graph, service),
    ]),
  ].join("\n");
}

function mermaid(lines: string[]): string[] {
  return ["```mermaid", "flowchart LR", ...lines.map((line) => `  ${line}`), "```", ""];
}

/** The services with what they share; events between services, each arrow all of one pair. */
function overview(graph: Resource[], services: readonly string[]): string[] {
  const has = (type: string) => graph.some((resource) => resource.type === type);
  const heard = rulesOf(graph);
  const told = published(graph);
  const between = services.flatMap((from) =>
    services.flatMap((to) => {
      const events = told
        .filter(({ program }) => program === from)
        .map(({ event }) => event)
        .filter((event) =>
          heard.some(
            (rule) => rule.program === to && !rule.replayed && rule.events.includes(event),
          ),
        );
      const label = [...new Set(events)].join("<br>");
      return events.length > 0 ? [`${from} -- "${label}" --> ${to}`] : [];
    }),
  );
  const apis = services.map((service) => `${service}["${service}"]`);
  return [
    "people([people])",
    ...(has("aws:apigateway/domainName:DomainName")
      ? [
          "people --> cdn",
          "cdn -- /v1 --> domain[API domain]",
          ...services.map((s) => `domain --> ${s}`),
        ]
      : ["people --> cdn", ...services.map((service) => `people --> ${service}`)]),
    "cdn[CDN: pages, signed pictures]",
    ...apis,
    ...graph
      .filter(
        (resource) => resource.type === "aws:s3/bucket:Bucket" && resource.name !== "access-logs",
      )
      .map(({ name }) => `cdn --> bucket_${idOf(name)}[("bucket ${name}")]`),
    "people -- presigned --> bucket_originals",
    ...(has("aws:guardduty/malwareProtectionPlan:MalwareProtectionPlan")
      ? ["bucket_originals --> scan{{GuardDuty}}", "scan -- scan result --> upload"]
      : []),
    "bucket_originals -- Object Created --> upload",
    ...between,
    'search --> engine[("OpenSearch")]',
  ];
}

/** One service: what calls which function, and the way of its events to the bus. */
function flow(graph: Resource[], service: string): string[] {
  const own = graph.filter((resource) => resource.program === service);
  const calls = rulesOf(own).map(({ name, from, label, fn }) => {
    const id = idOf("fn", fn ?? name);
    return `${idOf(from)}[${from}] -- "${label}" --> ${id}["${fn ?? name}"]`;
  });
  const apis = own
    .filter(({ type }) => type === "aws:apigateway/restApi:RestApi")
    .map(() => 'people([people]) --> fn_authorizer["authorizer"] --> fn_api["api"]');
  const streams = own
    .filter(({ type }) => type === "aws:dynamodb/table:Table")
    .map(({ name, inputs }) => {
      if (!inputs.streamEnabled) return `table_${idOf(name)}[("table ${name}")]`;
      const events = published(own).map(({ event }) => event);
      return `table_${idOf(name)}[("table ${name}")] -- stream --> fn_relay["relay"] -- "${events.join("<br>")}" --> bus[bus]`;
    });
  return [...apis, ...calls, ...streams];
}

interface Rule {
  program: string;
  name: string;
  /** The bus, AWS's own events, the archive or the clock. */
  from: string;
  label: string;
  events: string[];
  replayed: boolean;
  /** The function behind its queue. */
  fn?: string;
}

function rulesOf(graph: Resource[]): Rule[] {
  const all = (type: string) => graph.filter((resource) => resource.type === type);
  return all("aws:cloudwatch/eventRule:EventRule").map(({ program, name, inputs }) => {
    const pattern = JSON.parse(String(inputs.eventPattern ?? "{}")) as Pattern;
    const events = pattern["detail-type"] ?? [];
    const replayed = pattern["replay-name"]?.[0]?.exists === true;
    const target = all("aws:cloudwatch/eventTarget:EventTarget").find(
      (one) => one.inputs.rule === inputs.name,
    );
    const mapping = all("aws:lambda/eventSourceMapping:EventSourceMapping").find(
      (one) => one.inputs.eventSourceArn === target?.inputs.arn,
    );
    const fn = all("aws:lambda/function:Function").find(
      (one) => one.outputs.arn === mapping?.inputs.functionName,
    )?.name;
    const { scheduleExpression } = inputs;
    if (typeof scheduleExpression === "string") {
      return { program, name, from: "clock", label: scheduleExpression, events, replayed, fn };
    }
    const aws = pattern.source?.some((source) => source.startsWith("aws."));
    const from = aws ? "AWS" : replayed ? "archive" : "bus";
    return { program, name, from, label: events.join("<br>"), events, replayed, fn };
  });
}

function published(graph: Resource[]): { program: string; event: string }[] {
  return graph
    .filter(({ type }) => type === "aws:schemas/schema:Schema")
    .map(({ program, name }) => ({ program, event: name.replace(/[.]v\d+$/, "") }));
}

/** Each function with what its role allows besides its logs, its traces and its own queue. */
function table(graph: Resource[], service: string): string[] {
  const own = graph.filter((resource) => resource.program === service);
  const rows = own
    .filter(({ type }) => type === "aws:lambda/function:Function")
    .map(({ name, inputs }) => {
      const rights = own
        .filter(
          ({ type, inputs: policy }) =>
            type === "aws:iam/rolePolicy:RolePolicy" && policy.role === inputs.name,
        )
        .filter(({ inputs: policy }) => !String(policy.name).endsWith("source"))
        .flatMap(
          ({ inputs: policy }) =>
            (JSON.parse(String(policy.policy)) as { Statement: { Action: string[] }[] }).Statement,
        )
        .flatMap(({ Action }) => Action)
        .filter((action) => !/^(logs|xray):/.test(action));
      const sorted = [...new Set(rights)].sort().join(", ");
      return `| \`${name}\` | ${inputs.timeout} s | ${inputs.memorySize} MB | ${sorted || "nothing else"} |`;
    });
  return ["| function | may run for | has | may |", "|---|---|---|---|", ...rows, ""];
}
