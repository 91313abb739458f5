import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { resourceName } from "./names.ts";

export interface Index {
  name: string;
  /** Names of string attributes. */
  hashKey: string;
  rangeKey: string;
  /** Attributes besides the keys; none is the default. */
  includes?: string[];
}

/**
 * A table as all services have them: keys `PK` and `SK`, on demand, `ttl` in epoch seconds, encryption; and,
 * unless nobody would miss what is in it (`passing`), a stream with both images for the relay, and
 * point-in-time recovery.
 */
export class Table extends pulumi.ComponentResource {
  readonly table: aws.dynamodb.Table;

  constructor(
    service: string,
    name: string,
    args: { indexes?: Index[]; passing?: boolean } = {},
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("shoebox:index:Table", name, {}, options);
    const indexes = args.indexes ?? [];
    const keys = new Set(["PK", "SK", ...indexes.flatMap((i) => [i.hashKey, i.rangeKey])]);
    this.table = new aws.dynamodb.Table(
      name,
      {
        name: resourceName(service, name),
        billingMode: "PAY_PER_REQUEST",
        hashKey: "PK",
        rangeKey: "SK",
        attributes: [...keys].map((key) => ({ name: key, type: "S" })),
        globalSecondaryIndexes: indexes.map((index) => ({
          name: index.name,
          keySchemas: [
            { attributeName: index.hashKey, keyType: "HASH" },
            { attributeName: index.rangeKey, keyType: "RANGE" },
          ],
          ...(index.includes
            ? { projectionType: "INCLUDE", nonKeyAttributes: index.includes }
            : { projectionType: "KEYS_ONLY" }),
        })),
        ...(!args.passing && { streamEnabled: true, streamViewType: "NEW_AND_OLD_IMAGES" }),
        ttl: { attributeName: "ttl", enabled: true },
        pointInTimeRecovery: { enabled: !args.passing },
        serverSideEncryption: { enabled: true },
        deletionProtectionEnabled: new pulumi.Config().getBoolean("protect") ?? false,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }

  /** The ARN of one index. */
  index(name: string): pulumi.Output<string> {
    return pulumi.interpolate`${this.table.arn}/index/${name}`;
  }
}
