import { ObjectScanned } from "@shoebox/shared/events/aws";
import { parseOriginalKey } from "@shoebox/shared/image";
import { on, type Subscription } from "@shoebox/shared/messaging/consumer";
import { scanOf } from "../domain/scan.ts";
import { type TakeInDeps, takeIn } from "../take-in.ts";

/**
 * GuardDuty has looked at something that arrived. Its event and S3's come in any order; whichever comes
 * last finds all that is needed to decide.
 */
export function onObjectScanned(deps: TakeInDeps): Subscription {
  return on(ObjectScanned, async ({ s3ObjectDetails, scanResultDetails }, { log }) => {
    const { bucketName, objectKey: key, versionId } = s3ObjectDetails;
    const { scanResultStatus: result, threats } = scanResultDetails;
    if (bucketName !== deps.originals.bucket) {
      throw new Error(`The event is of the bucket ${bucketName}, not of the originals.`);
    }
    if (!versionId) throw new Error("The bucket of originals must be versioned.");
    const ref = parseOriginalKey(key);
    if (!ref) {
      log.warn(
        { key, versionId, result },
        "a scan of an object that no form of ours can have sent",
      );
      return;
    }
    if (result === "THREATS_FOUND") {
      const names = threats?.map(({ name }) => name);
      log.warn({ imageId: ref.imageId, versionId, threats: names }, "malware was uploaded");
    }
    await takeIn(ref, { key, versionId, scan: scanOf(result) }, deps, log);
  });
}
