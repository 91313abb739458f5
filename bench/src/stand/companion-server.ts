import { createServer, type RequestListener } from "node:http";
import { importPeer } from "../../peers/import.ts";
import { serveMeasured } from "./serve-measured.ts";

interface Companion {
  app(options: object): { app: RequestListener };
}
interface Express {
  default(): RequestListener & { use(handler: unknown): void };
}

/**
 * `@uppy/companion` as its guide sets it up for S3 alone: no upload is written down, nobody is asked
 * who he is. The session that it wants to find is the emptiest there is.
 */
const companion = await importPeer<Companion>("@uppy/companion");
const { default: express } = await importPeer<Express>("express");

const { app } = companion.app({
  s3: {
    key: "AKIALOCAL",
    secret: "local-secret",
    bucket: "originals",
    region: "us-east-1",
    endpoint: "http://127.0.0.1:1",
    forcePathStyle: true,
    getKey: ({ filename }: { filename: string }) => `${crypto.randomUUID()}-${filename}`,
    expires: 300,
  },
  server: { host: "localhost", protocol: "http" },
  filePath: process.argv[2],
  secret: "a-secret-of-the-benchmark",
  uploadUrls: ["http://localhost"],
  corsOrigins: ["http://localhost"],
});
const outer = express();
outer.use((request: { session?: object }, _response: unknown, next: () => void) => {
  request.session = {};
  next();
});
outer.use(app);
serveMeasured(createServer(outer));
