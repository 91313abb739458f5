import type { _Record } from "@aws-sdk/client-dynamodb-streams";

/**
 * Who made the change of a stream record, spelled as a Lambda event spells it: DynamoDB itself for TTL deletes,
 * absent for everybody else. dynoxide sends the members of `userIdentity` in lower case where the SDK reads them
 * with capitals, so of the SDK's record only that there is one can be read, and only TTL deletes have one.
 */
export function identityOf(
  record: Pick<_Record, "userIdentity">,
): { principalId: string; type: string } | undefined {
  if (record.userIdentity === undefined) return undefined;
  return { principalId: "dynamodb.amazonaws.com", type: "Service" };
}
