import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface SecretVersion {
  id: string;
  stages: string[];
  string?: string;
  /** Base64, as on the wire. */
  binary?: string;
  /** Seconds, as on the wire. */
  createdAt: number;
}

export interface Secret {
  name: string;
  arn: string;
  description?: string;
  createdAt: number;
  changedAt: number;
  versions: SecretVersion[];
}

/** Secrets as files that only their owner can read, one a secret, replaced as a whole: a kill leaves the old one or the new one. */
export class SecretFiles {
  readonly #folder: string;
  readonly #secrets = new Map<string, Secret>();

  constructor(dataDir: string) {
    this.#folder = join(dataDir, "secrets");
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    for (const file of readdirSync(this.#folder)) {
      if (!file.endsWith(".json")) continue;
      const secret = JSON.parse(readFileSync(join(this.#folder, file), "utf8")) as Secret;
      this.#secrets.set(secret.name, secret);
    }
  }

  /** By name, by ARN, or by ARN without the six random characters at its end. */
  find(id: string): Secret | undefined {
    const matches = (s: Secret) => s.arn === id || s.arn.slice(0, -7) === id;
    return this.#secrets.get(id) ?? [...this.#secrets.values()].find(matches);
  }

  save(secret: Secret): void {
    const file = join(
      this.#folder,
      `${createHash("sha256").update(secret.name).digest("hex")}.json`,
    );
    writeFileSync(`${file}.new`, JSON.stringify(secret), { mode: 0o600 });
    renameSync(`${file}.new`, file);
    this.#secrets.set(secret.name, secret);
  }
}
