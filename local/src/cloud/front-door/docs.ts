import { createReadStream, existsSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Resource } from "../../graph/resource.ts";
import { eventsDocument, eventsPage } from "./events-page.ts";
import { sendJson, sendProblem } from "./respond.ts";
import { mapOf } from "./system-map.ts";

const swagger = dirname(fileURLToPath(import.meta.resolve("swagger-ui-dist/package.json")));
const assets: Record<string, string> = {
  ".css": "text/css",
  ".js": "text/javascript",
  ".png": "image/png",
};

/**
 * `/openapi/<service>.json` and `/docs`: the services' own OpenAPI documents, shown by Swagger UI from our own disk;
 * `/asyncapi.json` and `/docs/events`: the events.
 */
export function docsPages(graph: Resource[]) {
  const documents = new Map(
    graph
      .filter((resource) => resource.type === "shoebox:index:RestApi")
      .map((api) => [String(api.inputs.service), api.inputs.document]),
  );
  const page = indexPage([...documents.keys()]);
  const events = eventsDocument();
  const eventsInWords = eventsPage(events, mapOf(graph));
  return {
    document: (_: IncomingMessage, response: ServerResponse, path: string) => {
      const document = documents.get(/([\w-]+)\.json$/.exec(path)?.[1] ?? "");
      if (document) sendJson(response, 200, document);
      else sendProblem(response, 404, "not-found", `There is no API document ${path}.`);
    },
    events: (_: IncomingMessage, response: ServerResponse) => sendJson(response, 200, events),
    page: (_: IncomingMessage, response: ServerResponse, path: string) => {
      const name = path.replace(/^\/docs\/?/, "");
      if (name === "" || name === "events") {
        response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" });
        response.end(name === "" ? page : eventsInWords);
        return;
      }
      const type = assets[extname(name)];
      const file = join(swagger, name);
      if (!type || !/^[\w.-]+$/.test(name) || !existsSync(file)) {
        sendProblem(response, 404, "not-found", `There is no page ${path}.`);
        return;
      }
      response.writeHead(200, { "Content-Type": type, "Cache-Control": "max-age=3600" });
      createReadStream(file).pipe(response);
    },
  };
}

function indexPage(services: string[]): string {
  const urls = services.map((name) => ({ name, url: `/openapi/${name}.json` }));
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Shoebox API</title>
  <link rel="stylesheet" href="/docs/swagger-ui.css">
  <link rel="icon" href="/docs/favicon-32x32.png">
  <style>body { margin: 0; }</style>
</head>
<body>
  <p style="margin: 0.5rem 1rem"><a href="/docs/events">Events</a></p>
  <div id="ui"></div>
  <script src="/docs/swagger-ui-bundle.js"></script>
  <script src="/docs/swagger-ui-standalone-preset.js"></script>
  <script>
    SwaggerUIBundle({
      urls: ${JSON.stringify(urls)},
      dom_id: "#ui",
      deepLinking: true,
      presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
      layout: "StandaloneLayout",
    });
  </script>
</body>
</html>
`;
}
