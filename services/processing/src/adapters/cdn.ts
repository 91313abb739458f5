import {
  CloudFrontClient,
  CreateInvalidationCommand,
  TooManyInvalidationsInProgress,
} from "@aws-sdk/client-cloudfront";
import { deterministicId } from "@shoebox/shared/ids";
import { renditionPrefix } from "@shoebox/shared/image";

export interface Cdn {
  /**
   * Has the copies of all renditions of these images removed, one path for each. The same images in
   * the same order are the same request, which costs nothing a second time. False when too many are
   * under way: CloudFront takes 15 paths with a wildcard at a time.
   */
  forget(imageIds: string[]): Promise<boolean>;
}

export function createCdn(distributionId: string, client = new CloudFrontClient({})): Cdn {
  return {
    async forget(imageIds) {
      const paths = imageIds.map((imageId) => `/${renditionPrefix(imageId)}*`);
      try {
        await client.send(
          new CreateInvalidationCommand({
            DistributionId: distributionId,
            InvalidationBatch: {
              CallerReference: deterministicId("invalidation", ...imageIds),
              Paths: { Quantity: paths.length, Items: paths },
            },
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof TooManyInvalidationsInProgress) return false;
        throw error;
      }
    },
  };
}
