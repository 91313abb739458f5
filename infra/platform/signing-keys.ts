import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { resourceName } from "../components/names.ts";

export interface SigningKeys {
  group: aws.cloudfront.KeyGroup;
  /** The id of the key that URLs are signed with now. */
  keyId: pulumi.Output<string>;
  /** The secret that holds its private half, PEM. */
  secretArn: pulumi.Output<string>;
}

/**
 * Two ECDSA P-256 keys whose URLs the CDN takes both, so that one can be exchanged while URLs signed with
 * the other still live: `signingKey` says which one signs, `signingKeyGenerations` is how one becomes a
 * new one (docs/runbooks/signing-keys.md). Each has a secret of its own: who signs reads the id of his key
 * and its secret from one deployment, and never the id of one with the secret of the other.
 */
export function createSigningKeys(): SigningKeys {
  const config = new pulumi.Config();
  const generations = config.getObject<Record<string, number>>("signingKeyGenerations") ?? {};
  const signing = config.get("signingKey") ?? "a";
  const keys = (["a", "b"] as const).map((slot) => {
    const generation = generations[slot] ?? 1;
    const name = generation === 1 ? `cdn-${slot}` : `cdn-${slot}-${generation}`;
    return { slot, ...createKey(name) };
  });
  const current = keys.find((key) => key.slot === signing);
  if (!current) throw new Error(`signingKey is "a" or "b", not "${signing}".`);

  const group = new aws.cloudfront.KeyGroup("cdn", {
    name: resourceName("platform", "cdn"),
    items: keys.map((key) => key.publicKey.id),
  });
  return { group, keyId: current.publicKey.id, secretArn: current.secret.arn };
}

function createKey(name: string) {
  const pair = new tls.PrivateKey(name, { algorithm: "ECDSA", ecdsaCurve: "P256" });
  const physicalName = resourceName("platform", name);
  const publicKey = new aws.cloudfront.PublicKey(name, {
    name: physicalName,
    encodedKey: pair.publicKeyPem,
  });
  const secret = new aws.secretsmanager.Secret(name, {
    name: physicalName,
    description: "A private key that picture URLs are signed with (PEM)",
  });
  new aws.secretsmanager.SecretVersion(name, {
    secretId: secret.id,
    secretString: pair.privateKeyPem,
  });
  return { publicKey, secret };
}
