import { S3Client, UploadPartCommand } from "@aws-sdk/client-s3";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { createPartUrls } from "@shoebox/upload/adapters/part-urls";
import { createPostForms } from "@shoebox/upload/adapters/post-forms";
import type { Finding, Row } from "../finding.ts";
import { alternate } from "../measure/alternate.ts";
import { cpuOf } from "../measure/cpu.ts";
import { ratioOf, spreadOf } from "../measure/statistics.ts";

const PAGE = 100;
const BUCKET = "originals";
const KEY = "originals/YW5u/0198c1a2-7b3c-7def-8123-456789abcdef.jpg";
const UPLOAD_ID = "2~Zm9ydHktdHdv";
const PART_SIZE = 16_777_216;
const LIFETIME = 3_600;

/** What is handed out is the same, as tests of the upload service show: here it is only made. */
export const presigned: Row = {
  name: "presigned",
  title: "presigned forms and a page of presigned parts, against the SDK's own presigners",
  async measure({ quick }) {
    const credentials = { accessKeyId: "AKIALOCAL", secretAccessKey: "local-secret" };
    const client = new S3Client({
      region: "eu-west-1",
      credentials,
      requestChecksumCalculation: "WHEN_REQUIRED",
    });
    const rounds = quick ? 5 : 15;
    const compare = async (
      what: string,
      name: string,
      ours: () => Promise<unknown>,
      peer: () => Promise<unknown>,
      note: string,
    ): Promise<Finding> => {
      const took = await alternate(rounds, { ours: () => cpuOf(ours), peer: () => cpuOf(peer) });
      return {
        what: `${what}: processor time`,
        ours: { ...spreadOf(took.ours), unit: "ms" },
        peer: { ...spreadOf(took.peer), unit: "ms", name: `the SDK's ${name}` },
        ratio: ratioOf({ ours: took.peer, peer: took.ours }),
        note,
      };
    };
    const [forms, parts] = [
      await createPostForms(client, BUCKET),
      await createPartUrls(client, BUCKET),
    ];
    const object = {
      key: KEY,
      contentType: "image/jpeg",
      size: 2_481_337,
      sha256: undefined,
      correlationId: "0198c1a2-7b3c",
    };
    const page = Array.from({ length: PAGE }, (_, n) => n + 1);
    return [
      await compare(
        `${PAGE} forms`,
        "createPresignedPost",
        async () => {
          for (const _ of page) await forms.sign(object, Date.now(), Date.now() + 300_000);
        },
        async () => {
          for (const _ of page) {
            await createPresignedPost(client, {
              Bucket: BUCKET,
              Key: KEY,
              Fields: { "Content-Type": object.contentType, success_action_status: "201" },
              Conditions: [["content-length-range", object.size, object.size]],
              Expires: 300,
            });
          }
        },
        "how many times as many in the same time; ours derives the day's key once and resolves the endpoint once",
      ),
      await compare(
        `the URLs of ${PAGE} parts`,
        "getSignedUrl",
        () =>
          parts.sign(
            { key: KEY, uploadId: UPLOAD_ID },
            page.map((partNumber) => ({ partNumber, size: PART_SIZE, sha256: undefined })),
            Date.now(),
            Date.now() + LIFETIME * 1_000,
          ),
        async () => {
          for (const partNumber of page) {
            const command = new UploadPartCommand({
              Bucket: BUCKET,
              Key: KEY,
              UploadId: UPLOAD_ID,
              PartNumber: partNumber,
              ContentLength: PART_SIZE,
            });
            await getSignedUrl(client, command, {
              expiresIn: LIFETIME,
              signableHeaders: new Set(["content-length", "host"]),
            });
          }
        },
        "how many times as many in the same time; all of a page share what does not differ from part to part",
      ),
    ];
  },
};
