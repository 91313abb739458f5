import { asyncApi } from "@shoebox/shared/events/contracts";
import type { SystemMap } from "./system-map.ts";

interface Schema {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  format?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
}

interface Message {
  name: string;
  title: string;
  summary: string;
  payload: Schema;
  examples: { name: string; payload: unknown }[];
}

interface EventsDocument {
  components: { messages: Record<string, Message> };
  operations: Record<string, { summary: string; messages: { $ref: string }[] }>;
}

/** `/asyncapi.json`: everything that crosses the bus, from the contracts themselves. */
export function eventsDocument(): EventsDocument {
  return asyncApi() as unknown as EventsDocument;
}

/** `/docs/events`: the same for people, and who takes what, as the programs declare it. Loads nothing from anywhere. */
export function eventsPage(document: EventsDocument, map: SystemMap): string {
  const messages = document.components.messages;
  const sections = Object.values(document.operations).map(({ summary, messages: refs }) => {
    const names = refs.map(({ $ref }) => $ref.split("/").at(-1) ?? "");
    const events = names.flatMap((name) => (messages[name] ? [section(messages[name], map)] : []));
    return `<h2>${escaped(summary)}</h2>\n${events.join("\n")}`;
  });
  const links = Object.keys(messages).map((name) => `<a href="#${name}">${escaped(name)}</a>`);
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Shoebox events</title>
  <link rel="icon" href="/docs/favicon-32x32.png">
  <style>
    :root { color-scheme: light dark; }
    body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
    article { border-top: 1px solid #8886; padding: 0.5rem 0 1rem; }
    table { border-collapse: collapse; display: block; overflow-x: auto; }
    td, th { text-align: left; padding: 0.1rem 1.5rem 0.1rem 0; vertical-align: top; }
    code, pre { font: 14px/1.45 ui-monospace, monospace; }
    pre { overflow: auto; padding: 1rem; background: #8881; }
    nav a { display: inline-block; margin-right: 1rem; }
  </style>
</head>
<body>
  <h1>Shoebox events</h1>
  <p>Everything that crosses the bus, at least once and in no order, as <a href="/asyncapi.json">AsyncAPI</a>.
    The HTTP APIs are <a href="/docs">there</a>.</p>
  <nav>${links.join(" ")}</nav>
  ${sections.join("\n")}
</body>
</html>
`;
}

function section({ name, title, summary, payload, examples }: Message, map: SystemMap): string {
  const takers = map.services.flatMap((service) =>
    service.queues
      .filter(({ types, replayed }) => types.includes(title) && !replayed)
      .map((queue) => `${service.name} (${queue.name})`),
  );
  const data = payload.properties?.detail?.properties?.data ?? {};
  const rows = fieldsOf(data, "").map(
    ([path, kind]) => `<tr><td><code>${escaped(path)}</code></td><td>${escaped(kind)}</td></tr>`,
  );
  const shown = examples.map(
    (example) =>
      `<details><summary>Example: ${escaped(example.name)}</summary>
<pre>${escaped(JSON.stringify(example.payload, undefined, 2))}</pre></details>`,
  );
  return `<article id="${name}">
<h3>${escaped(name)}</h3>
<p>${escaped(summary)}</p>
<p>Taken by: ${escaped(takers.join(", ") || "nobody")}.</p>
<table><tr><th>Field of <code>detail.data</code></th><th></th></tr>
${[...new Set(rows)].join("\n")}
</table>
${shown.join("\n")}
</article>`;
}

/** Every field by its path, with its kind; those of alternatives one after the other. */
function fieldsOf(schema: Schema, path: string, optional = false): [path: string, kind: string][] {
  const { properties, items, required = [] } = schema;
  const alternatives = schema.oneOf ?? schema.anyOf;
  const own: [string, string][] = path === "" ? [] : [[path, kindOf(schema, optional)]];
  if (properties) {
    const inside = Object.entries(properties).flatMap(([name, field]) =>
      fieldsOf(field, path === "" ? name : `${path}.${name}`, !required.includes(name)),
    );
    return [...own, ...inside];
  }
  if (items) return [...own, ...fieldsOf(items, `${path}[]`).slice(1)];
  return alternatives ? alternatives.flatMap((one) => fieldsOf(one, path, optional)) : own;
}

function kindOf(
  { type, format, items, enum: values, const: value }: Schema,
  optional: boolean,
): string {
  const kind =
    value !== undefined
      ? JSON.stringify(value)
      : values?.map((one) => JSON.stringify(one)).join(" | ");
  const plain = items ? `${kindOf(items, false)}[]` : (format ?? type ?? "any");
  return `${kind ?? plain}${optional ? ", optional" : ""}`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
