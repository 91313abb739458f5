import { mkdir, readFile, writeFile } from "node:fs/promises";
import openapi, { astToString } from "openapi-typescript";
import { routes as catalog } from "../../services/catalog/src/api/routes.ts";
import { routes as processing } from "../../services/processing/src/api/routes.ts";
import { routes as search } from "../../services/search/src/api/routes.ts";
import { routes as upload } from "../../services/upload/src/api/routes.ts";
import { openApiDocument, type Route } from "../../shared/src/http/api.ts";

/**
 * Makes the client's types from the services' OpenAPI documents: `src/generated/<service>.ts`. The client has a
 * user's token, so the routes of operators, who sign with AWS credentials, are not among them. With `--check` it
 * writes nothing and fails when what is checked in is not what it would write.
 */

const documents = {
  catalog: ofUsers(catalog),
  processing: ofUsers(processing),
  search: ofUsers(search),
  upload: ofUsers(upload),
};
const folder = new URL("./src/generated/", import.meta.url);
const check = process.argv.includes("--check");

await mkdir(folder, { recursive: true });
for (const [service, document] of Object.entries(documents)) {
  const file = new URL(`${service}.ts`, folder);
  const text = await typesOf(document);
  if (!check) await writeFile(file, text);
  else if ((await readFile(file, "utf8").catch(() => "")) !== text) {
    process.stdout.write(
      `clients/typescript/src/generated/${service}.ts is not of the present API; run: npm run client:generate\n`,
    );
    process.exitCode = 1;
  }
}

function ofUsers<D>(routes: Route<D>[]): object {
  const theirs = routes.filter(({ operators }) => !operators);
  return openApiDocument("", "", theirs);
}

async function typesOf(document: object): Promise<string> {
  // The generator takes a document of its own type; ours has been through JSON anyway, as clients get it.
  const nodes = await openapi(JSON.stringify(document), { defaultNonNullable: false });
  return `// Made by generate.ts from the service's OpenAPI document. Change that, not this.\n\n${astToString(nodes)}`;
}
