import { subscribe } from "node:diagnostics_channel";
import type { ClientRequest } from "node:http";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { CATALOG_TABLE, openTables, putImages, storedImage } from "../../../e2e/stored-images.ts";
import { newDataFolder, removeDataFolder, startSystem } from "../../../e2e/system.ts";
import { exactly, type Row } from "../finding.ts";
import { alternate } from "../measure/alternate.ts";
import { quantile, ratioOf, spreadOf } from "../measure/statistics.ts";
import { become, deployed } from "../stand/functions.ts";
import { gatewayEvent } from "../stand/gateway-event.ts";

const OWNER = "reader";
const IMAGES = 100;
const WARM_UP = 2_000;

/** The deployed function, called as Lambda calls it, against GetItem of the same item and nothing else. */
export const reading: Row = {
  name: "reading",
  title: "`GET /v1/images/{imageId}` against the SDK's GetItem of the same item",
  async measure({ quick }) {
    const folder = newDataFolder();
    const system = await startSystem(folder);
    try {
      const items = Array.from({ length: IMAGES }, () => storedImage(OWNER, ["sea", "evening"]));
      await putImages(openTables(folder).documents, items);
      const handle = await become<APIGatewayProxyEvent, APIGatewayProxyResult>(
        deployed(folder, "catalog", "api"),
      );
      const bare = new DynamoDBClient({});
      let turn = 0;
      const next = () => items[turn++ % IMAGES] ?? storedImage(OWNER, []);
      const ours = async () => {
        const path = `/v1/images/${next().SK.slice("imageId#".length)}`;
        const answer = await handle(gatewayEvent({ method: "GET", path, userId: OWNER }));
        if (answer.statusCode !== 200) throw new Error(`The catalog answered ${answer.body}.`);
      };
      const peer = async () => {
        const { PK, SK } = next();
        const Key = { PK: { S: PK }, SK: { S: SK } };
        await bare.send(
          new GetItemCommand({ TableName: CATALOG_TABLE, Key, ConsistentRead: true }),
        );
      };
      for (let call = 0; call < (quick ? 200 : WARM_UP); call++)
        await Promise.all([ours(), peer()]);
      const calls = await counted(ours, IMAGES);
      const took = await alternate(quick ? 5 : 21, { ours: typical(ours), peer: typical(peer) });
      return [
        {
          what: "DynamoDB calls per request",
          ours: exactly((calls.get("GetItem") ?? 0) / IMAGES, "GetItem"),
          target: { atMost: 1 },
          note: `of ${IMAGES} requests: ${[...calls].map(([name, count]) => `${count} ${name}`).join(", ")}`,
        },
        {
          what: "time of one request, one after the other",
          ours: { ...spreadOf(took.ours), unit: "ms" },
          peer: { ...spreadOf(took.peer), unit: "ms", name: "GetItemCommand alone" },
          ratio: ratioOf(took),
          target: { atMost: 1.3 },
          note: "ours also checks the request, reads the item into an image, has its rendition URLs signed, and writes a line of log",
        },
      ];
    } finally {
      await system.stop();
      removeDataFolder(folder);
    }
  },
};

/** The median time of one call out of some; not their sum, which one pause of the machine spoils. */
function typical(call: () => Promise<void>) {
  return async () => {
    const took: number[] = [];
    for (let n = 0; n < 50; n++) {
      const began = performance.now();
      await call();
      took.push(performance.now() - began);
    }
    return quantile(took, 0.5);
  };
}

/** What the calls ask of DynamoDB, by the name of the action: every request of this process is seen. */
async function counted(call: () => Promise<void>, times: number): Promise<Map<string, number>> {
  const seen = new Map<string, number>();
  let counting = true;
  subscribe("http.client.request.start", (message) => {
    const { request } = message as { request: ClientRequest };
    const name = String(request.getHeader("x-amz-target") ?? request.path).replace(/^.*\./, "");
    if (counting) seen.set(name, (seen.get(name) ?? 0) + 1);
  });
  for (let n = 0; n < times; n++) await call();
  counting = false;
  return seen;
}
