import { parseCorsRules } from "./cors.ts";
import { parseLifecycle } from "./lifecycle-rules.ts";
import { BODY_HEADERS, type Call, type Operation } from "./operation.ts";
import { receiveText } from "./receive.ts";
import { malformedXml, notImplemented, S3Error } from "./s3-error.ts";
import { parseXml, writeXml, type XmlElement } from "./xml.ts";

/**
 * A sub-resource of a bucket that is kept as it was given. CORS, lifecycle and notifications are
 * acted upon elsewhere; the others are configuration which this S3 returns but does not enforce.
 */
interface Setting {
  /** As in `PutBucketCors`. */
  name: string;
  parameter: string;
  root: string;
  /** The error when there is none; without one, GET answers an empty document. */
  missing?: [code: string, message: string];
  check?: (root: XmlElement) => void;
  noDelete?: boolean;
}

const SETTINGS: Setting[] = [
  {
    name: "BucketCors",
    parameter: "cors",
    root: "CORSConfiguration",
    missing: ["NoSuchCORSConfiguration", "The CORS configuration does not exist"],
    check: (root) => void parseCorsRules(root),
  },
  {
    name: "BucketLifecycleConfiguration",
    parameter: "lifecycle",
    root: "LifecycleConfiguration",
    missing: ["NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"],
    check: (root) => void parseLifecycle(root),
  },
  {
    name: "BucketNotificationConfiguration",
    parameter: "notification",
    root: "NotificationConfiguration",
    noDelete: true,
    check(root) {
      const other = root.children.find((child) => child.name !== "EventBridgeConfiguration");
      if (other) throw notImplemented(`${other.name} in a bucket's notifications`);
    },
  },
  {
    name: "PublicAccessBlock",
    parameter: "publicAccessBlock",
    root: "PublicAccessBlockConfiguration",
    missing: [
      "NoSuchPublicAccessBlockConfiguration",
      "The public access block configuration was not found",
    ],
  },
  {
    name: "BucketEncryption",
    parameter: "encryption",
    root: "ServerSideEncryptionConfiguration",
    missing: [
      "ServerSideEncryptionConfigurationNotFoundError",
      "The server side encryption configuration was not found",
    ],
  },
  {
    name: "BucketOwnershipControls",
    parameter: "ownershipControls",
    root: "OwnershipControls",
    missing: ["OwnershipControlsNotFoundError", "The bucket ownership controls were not found"],
  },
  {
    name: "BucketTagging",
    parameter: "tagging",
    root: "Tagging",
    missing: ["NoSuchTagSet", "The TagSet does not exist"],
  },
  { name: "BucketLogging", parameter: "logging", root: "BucketLoggingStatus", noDelete: true },
];

function settingOperations(setting: Setting): Operation[] {
  const base = { on: "bucket", select: [setting.parameter] } as const;
  const get: Operation = {
    ...base,
    select: [...base.select],
    name: `Get${setting.name}`,
    method: "GET",
    run(call) {
      const body = readSetting(call, setting.parameter);
      if (body !== undefined) return { body };
      if (setting.missing) throw new S3Error(404, ...setting.missing, { BucketName: call.bucket });
      return { body: writeXml(setting.root, {}) };
    },
  };
  const put: Operation = {
    ...base,
    select: [...base.select],
    name: `Put${setting.name}`,
    method: "PUT",
    headers: [
      ...BODY_HEADERS,
      ...(setting.parameter === "notification" ? ["x-amz-skip-destination-validation"] : []),
    ],
    async run(call) {
      const text = await receiveText(call);
      const root = parseXml(text, setting.root);
      setting.check?.(root);
      writeSetting(call, setting.parameter, text);
      return { status: setting.parameter === "tagging" ? 204 : 200 };
    },
  };
  return setting.noDelete ? [get, put] : [get, put, deleteSetting(setting.name, setting.parameter)];
}

function policyOperations(): Operation[] {
  const get: Operation = {
    name: "GetBucketPolicy",
    method: "GET",
    on: "bucket",
    select: ["policy"],
    run(call) {
      const body = readSetting(call, "policy");
      if (body !== undefined) return { body, headers: { "content-type": "application/json" } };
      throw new S3Error(404, "NoSuchBucketPolicy", "The bucket policy does not exist", {
        BucketName: call.bucket,
      });
    },
  };
  const put: Operation = {
    name: "PutBucketPolicy",
    method: "PUT",
    on: "bucket",
    select: ["policy"],
    headers: BODY_HEADERS,
    async run(call) {
      const text = await receiveText(call);
      try {
        JSON.parse(text);
      } catch {
        throw new S3Error(400, "MalformedPolicy", "This policy contains invalid Json");
      }
      writeSetting(call, "policy", text);
      return { status: 204 };
    },
  };
  return [get, put, deleteSetting("BucketPolicy", "policy")];
}

const deleteSetting = (name: string, parameter: string): Operation => ({
  name: `Delete${name}`,
  method: "DELETE",
  on: "bucket",
  select: [parameter],
  run({ store, bucket }) {
    store.run("DELETE FROM settings WHERE bucket = ? AND name = ?", bucket, parameter);
    return { status: 204 };
  },
});

export const readSetting = ({ store, bucket }: Pick<Call, "store" | "bucket">, name: string) =>
  store.get<{ body: string }>(
    "SELECT body FROM settings WHERE bucket = ? AND name = ?",
    bucket,
    name,
  )?.body;

function writeSetting({ store, bucket }: Call, name: string, body: string): void {
  if (body.trim() === "") throw malformedXml();
  store.run(
    "INSERT INTO settings VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body",
    bucket,
    name,
    body,
  );
}

export const bucketSettings: Operation[] = [
  ...SETTINGS.flatMap(settingOperations),
  ...policyOperations(),
];
