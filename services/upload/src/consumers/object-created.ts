import { ObjectCreated } from "@shoebox/shared/events/aws";
import { parseOriginalKey } from "@shoebox/shared/image";
import { on, type Subscription } from "@shoebox/shared/messaging/consumer";
import { type TakeInDeps, takeIn } from "../take-in.ts";

/** S3 says that something arrived; what it is and whether it may stay is found out here. */
export function onObjectCreated(deps: TakeInDeps): Subscription {
  return on(ObjectCreated, async ({ bucket, object }, { log }) => {
    const { key, "version-id": versionId } = object;
    if (bucket.name !== deps.originals.bucket) {
      throw new Error(`The event is of the bucket ${bucket.name}, not of the originals.`);
    }
    if (versionId === undefined) throw new Error("The bucket of originals must be versioned.");
    const ref = parseOriginalKey(key);
    if (!ref) {
      log.warn({ key, versionId }, "an object that no form of ours can have sent");
      return;
    }
    await takeIn(ref, { key, versionId }, deps, log);
  });
}
