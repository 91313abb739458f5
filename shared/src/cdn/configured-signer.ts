import { readSecret } from "../aws/secret.ts";
import { type CdnSigner, createCdnSigner } from "./signer.ts";

/** The signer of a service that was told `cdnConfig`; reads the private key once. */
export async function configuredSigner(config: {
  CDN_DOMAIN: string;
  CDN_KEY_ID: string;
  CDN_KEY_SECRET: string;
}): Promise<CdnSigner> {
  return createCdnSigner({
    baseUrl: config.CDN_DOMAIN,
    keyId: config.CDN_KEY_ID,
    privateKey: await readSecret(config.CDN_KEY_SECRET),
  });
}
