import { BODY_HEADERS, type Operation } from "./operation.ts";
import { receiveText, receiveXml } from "./receive.ts";
import { notImplemented, S3Error } from "./s3-error.ts";
import { childOf, parseXml, textOf, writeXml } from "./xml.ts";

export const createBucket: Operation = {
  name: "CreateBucket",
  method: "PUT",
  on: "bucket",
  headers: [
    ...BODY_HEADERS,
    "x-amz-acl",
    "x-amz-object-ownership",
    "x-amz-bucket-object-lock-enabled",
  ],
  withoutBucket: true,
  async run(call) {
    const { store, bucket, headers } = call;
    const text = await receiveText(call);
    if (
      !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) ||
      /\.\.|^\d+\.\d+\.\d+\.\d+$/.test(bucket)
    ) {
      throw new S3Error(400, "InvalidBucketName", "The specified bucket is not valid.", {
        BucketName: bucket,
      });
    }
    const acl = headers.get("x-amz-acl") ?? "private";
    if (acl !== "private") throw notImplemented(`x-amz-acl: ${acl}`);
    const ownership = headers.get("x-amz-object-ownership") ?? "BucketOwnerEnforced";
    if (ownership !== "BucketOwnerEnforced")
      throw notImplemented(`x-amz-object-ownership: ${ownership}`);
    if (headers.get("x-amz-bucket-object-lock-enabled") === "true")
      throw notImplemented("Object lock");
    if (text !== "") {
      const request = parseXml(text, "CreateBucketConfiguration");
      const unknown = request.children.find((child) => child.name !== "LocationConstraint");
      if (unknown) throw notImplemented(`${unknown.name} in CreateBucket`);
      const location = textOf(request, "LocationConstraint");
      const region = call.auth.scope.split("/")[1];
      // us-east-1 is the one region that may not be named.
      if (location !== undefined && (location === "us-east-1" || location !== region)) {
        throw new S3Error(
          400,
          "InvalidLocationConstraint",
          "The specified location-constraint is not valid",
          { LocationConstraint: location },
        );
      }
    }
    // Making one's own bucket again succeeds in us-east-1 and changes nothing.
    store.run("INSERT OR IGNORE INTO buckets (name, created) VALUES (?, ?)", bucket, store.now());
    return { headers: { location: `/${bucket}` } };
  },
};

export const headBucket: Operation = {
  name: "HeadBucket",
  method: "HEAD",
  on: "bucket",
  run: (call) => ({ headers: { "x-amz-bucket-region": call.auth.scope.split("/")[1] } }),
};

export const listBuckets: Operation = {
  name: "ListBuckets",
  method: "GET",
  on: "service",
  run({ store }) {
    const rows = store.all<{ name: string; created: number }>(
      "SELECT name, created FROM buckets ORDER BY name",
    );
    return {
      body: writeXml("ListAllMyBucketsResult", {
        Owner: { ID: "000000000000", DisplayName: "local" },
        Buckets: {
          Bucket: rows.map((row) => ({
            Name: row.name,
            CreationDate: new Date(row.created).toISOString(),
          })),
        },
      }),
    };
  },
};

export const deleteBucket: Operation = {
  name: "DeleteBucket",
  method: "DELETE",
  on: "bucket",
  run({ store, bucket }) {
    store.commit((freed) => {
      if (store.get("SELECT 1 FROM versions WHERE bucket = ? LIMIT 1", bucket)) {
        throw new S3Error(
          409,
          "BucketNotEmpty",
          "The bucket you tried to delete is not empty. You must delete all versions in the bucket.",
          { BucketName: bucket },
        );
      }
      // Unfinished uploads do not keep a bucket alive, they end with it.
      const parts = store.all<{ blob: string }>(
        "DELETE FROM parts WHERE upload_id IN (SELECT upload_id FROM uploads WHERE bucket = ?) RETURNING blob",
        bucket,
      );
      freed.push(...parts.map((part) => part.blob));
      store.run("DELETE FROM uploads WHERE bucket = ?", bucket);
      store.run("DELETE FROM settings WHERE bucket = ?", bucket);
      store.run("DELETE FROM buckets WHERE name = ?", bucket);
    });
    return { status: 204 };
  },
};

export const getBucketVersioning: Operation = {
  name: "GetBucketVersioning",
  method: "GET",
  on: "bucket",
  select: ["versioning"],
  run({ store, bucket }) {
    const row = store.get<{ versioning: string }>(
      "SELECT versioning FROM buckets WHERE name = ?",
      bucket,
    );
    return { body: writeXml("VersioningConfiguration", { Status: row?.versioning || undefined }) };
  },
};

export const putBucketVersioning: Operation = {
  name: "PutBucketVersioning",
  method: "PUT",
  on: "bucket",
  select: ["versioning"],
  headers: BODY_HEADERS,
  async run(call) {
    const request = await receiveXml(call, "VersioningConfiguration");
    if (childOf(request, "MfaDelete") && textOf(request, "MfaDelete") !== "Disabled")
      throw notImplemented("MfaDelete");
    const status = textOf(request, "Status");
    if (status !== "Enabled" && status !== "Suspended") {
      throw new S3Error(
        400,
        "IllegalVersioningConfigurationException",
        "The Versioning element must be specified",
      );
    }
    call.store.run("UPDATE buckets SET versioning = ? WHERE name = ?", status, call.bucket);
    return {};
  },
};
