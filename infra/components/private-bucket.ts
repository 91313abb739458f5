import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bucketName } from "./names.ts";
import { allowService } from "./statement.ts";

export interface PrivateBucketArgs {
  /** The distribution that may read it (Origin Access Control). */
  readableBy: pulumi.Input<string>;
  /** What the distribution may do: reading pinned versions needs its own action. */
  readActions: ("s3:GetObject" | "s3:GetObjectVersion")[];
  /** Browsers that may post to it: exact origins. */
  uploadOrigins?: pulumi.Input<string[]>;
  /** Whether S3 tells EventBridge about its objects. */
  events?: boolean;
  versioned?: boolean;
  /**
   * Days after which objects move to Glacier Instant Retrieval: a third of the price, served as
   * before. Objects under 128 KB stay where they are, as S3 does by default.
   */
  archiveAfterDays?: number;
}

/**
 * Days that a version is kept which is no longer the newest of its key. The version that is served
 * is one of them while a second object on its key has not been removed yet: so longer than any queue
 * and dead-letter queue keeps the message about that.
 */
const OLD_VERSIONS_KEPT_DAYS = 30;

/** A bucket nobody reaches but through our own roles and the CDN: no public access, TLS only, encrypted. */
export class PrivateBucket extends pulumi.ComponentResource {
  readonly bucket: aws.s3.Bucket;
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  readonly objects: pulumi.Output<string>;

  constructor(
    name: "originals" | "processed" | "web",
    args: PrivateBucketArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("shoebox:index:PrivateBucket", name, {}, options);
    const parent = { parent: this };
    this.bucket = new aws.s3.Bucket(name, { bucket: bucketName(name) }, parent);
    this.name = this.bucket.bucket;
    this.arn = this.bucket.arn;
    this.objects = pulumi.interpolate`${this.arn}/*`;
    const bucket = this.bucket.bucket;

    const closed = new aws.s3.BucketPublicAccessBlock(
      name,
      {
        bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      parent,
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      name,
      {
        bucket,
        rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
      },
      parent,
    );
    new aws.s3.BucketPolicy(
      name,
      {
        bucket,
        policy: aws.iam.getPolicyDocumentOutput({
          statements: [
            {
              sid: "TlsOnly",
              effect: "Deny",
              principals: [{ type: "*", identifiers: ["*"] }],
              actions: ["s3:*"],
              resources: [this.arn, this.objects],
              conditions: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
            },
            allowService({
              service: "cloudfront.amazonaws.com",
              actions: args.readActions,
              resources: [this.objects],
              sourceArn: args.readableBy,
            }),
          ],
        }).json,
      },
      { ...parent, dependsOn: [closed] },
    );
    if (args.versioned) {
      new aws.s3.BucketVersioning(
        name,
        { bucket, versioningConfiguration: { status: "Enabled" } },
        parent,
      );
    }
    new aws.s3.BucketLifecycleConfiguration(name, { bucket, rules: lifecycle(args) }, parent);
    new aws.s3.BucketLogging(
      name,
      { bucket, targetBucket: bucketName("access-logs"), targetPrefix: `s3/${name}/` },
      parent,
    );
    if (args.uploadOrigins) {
      new aws.s3.BucketCorsConfiguration(
        name,
        {
          bucket,
          corsRules: [
            {
              allowedOrigins: args.uploadOrigins,
              allowedMethods: ["POST", "PUT"],
              allowedHeaders: ["*"],
              exposeHeaders: ["ETag", "Location"],
              maxAgeSeconds: 3_000,
            },
          ],
        },
        parent,
      );
    }
    if (args.events) {
      new aws.s3.BucketNotification(name, { bucket, eventbridge: true }, parent);
    }
    this.registerOutputs({});
  }
}

function lifecycle(args: PrivateBucketArgs): aws.types.input.s3.BucketLifecycleConfigurationRule[] {
  const all = { status: "Enabled", filter: { prefix: "" } };
  return [
    {
      id: "abandoned-multipart-uploads",
      ...all,
      abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
    },
    ...(args.versioned
      ? [
          {
            id: "old-versions",
            ...all,
            noncurrentVersionExpiration: { noncurrentDays: OLD_VERSIONS_KEPT_DAYS },
            expiration: { expiredObjectDeleteMarker: true },
          },
        ]
      : []),
    ...(args.archiveAfterDays
      ? [
          {
            id: "archive",
            ...all,
            transitions: [{ days: args.archiveAfterDays, storageClass: "GLACIER_IR" }],
          },
        ]
      : []),
  ];
}
