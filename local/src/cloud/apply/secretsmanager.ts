import {
  CreateSecretCommand,
  PutSecretValueCommand,
  ResourceExistsException,
} from "@aws-sdk/client-secrets-manager";
import type { Applier } from "./applier.ts";
import { text } from "./inputs.ts";

export const secretsManagerAppliers: Record<string, Applier> = {
  "aws:secretsmanager/secret:Secret": async () => undefined,
  // A secret without a value is of no use to anybody, so both are made when the value is known.
  "aws:secretsmanager/secretVersion:SecretVersion": async ({ inputs }, { secrets }) => {
    const name = text(inputs.secretId).split(":secret:").at(-1);
    const value = { SecretString: text(inputs.secretString) };
    try {
      await secrets.send(new CreateSecretCommand({ Name: name, ...value }));
    } catch (error) {
      if (!(error instanceof ResourceExistsException)) throw error;
      await secrets.send(new PutSecretValueCommand({ SecretId: name, ...value }));
    }
  },
};
