import { HeadBucketCommand, type S3Client } from "@aws-sdk/client-s3";

/**
 * Where the bucket is, as the client itself would address it: under its own host on AWS, in the
 * path at an endpoint of one's own. The client builds a request, and nothing is sent.
 */
export async function bucketUrl(client: S3Client, bucket: string): Promise<string> {
  const command = new HeadBucketCommand({ Bucket: bucket });
  let url: string | undefined;
  command.middlewareStack.add(
    () => async (args) => {
      const { protocol, hostname, port, path } = args.request as {
        protocol: string;
        hostname: string;
        port?: number;
        path: string;
      };
      const origin = `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}`;
      url = origin + (path === "/" ? path : path.replace(/\/$/, ""));
      return { output: { $metadata: {} }, response: {} };
    },
    { step: "build", priority: "low" },
  );
  await client.send(command);
  if (url === undefined) throw new Error(`The S3 client has no address for the bucket ${bucket}.`);
  return url;
}
