import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { capabilityDigest, newCapability } from "@shoebox/shared/http/capability";

/** Addresses that let Uppy upload for one user, until they end. */
export interface UppyEndpoints {
  /** A new secret for this user's uploads, good until `expiresAt` (ms). Only its digest is kept. */
  create(ownerId: string, expiresAt: number): Promise<string>;
  /** Whose a secret is; undefined when there is none such, or not any more. Strongly consistent. */
  ownerOf(secret: string, now: number): Promise<string | undefined>;
}

/** Items of the table of uploads: PK `uppy#<digest of the secret>`, SK `endpoint`. */
export function createUppyEndpoints(client: DynamoDBDocumentClient, table: string): UppyEndpoints {
  const keyOf = (secret: string) => ({ PK: `uppy#${capabilityDigest(secret)}`, SK: "endpoint" });

  return {
    async create(ownerId, expiresAt) {
      const secret = newCapability();
      const ttl = Math.ceil(expiresAt / 1000);
      await client.send(
        new PutCommand({ TableName: table, Item: { ...keyOf(secret), ownerId, expiresAt, ttl } }),
      );
      return secret;
    },

    async ownerOf(secret, now) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: keyOf(secret), ConsistentRead: true }),
      );
      // The TTL removes it late.
      return Item && Item.expiresAt > now ? String(Item.ownerId) : undefined;
    },
  };
}
