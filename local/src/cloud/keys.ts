import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface KeyPair {
  privateKeyPem: string;
  publicKeyPem: string;
}

/** Everything secret of one data folder, made once. */
export interface Keys {
  /** What the SDK signs with. */
  aws: { accessKeyId: string; secretAccessKey: string };
  /** Signs the tokens of `POST /dev/token`. */
  tokens: KeyPair;
  /** The CDN's key pairs, by the name of their `tls.PrivateKey`. */
  cdn: Record<string, KeyPair>;
}

/** Reads the keys of a data folder, or makes them; the file is for its owner's eyes only. */
export function loadKeys(dataDir: string): Keys {
  const folder = join(dataDir, "cloud");
  const file = join(folder, "keys.json");
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Keys;
  const keys: Keys = {
    aws: {
      accessKeyId: `AKIALOCAL${randomBytes(6).toString("hex").toUpperCase()}`,
      secretAccessKey: randomBytes(30).toString("base64url"),
    },
    tokens: newKeyPair(),
    cdn: { "cdn-a": newKeyPair(), "cdn-b": newKeyPair() },
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(keys), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return keys;
}

function newKeyPair(): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  return { privateKeyPem: privateKey, publicKeyPem: publicKey };
}
