import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

/** The current value of a secret, as text. Read once per process; a rotation is met by new processes. */
export async function readSecret(secretId: string): Promise<string> {
  const answer = await new SecretsManagerClient({}).send(
    new GetSecretValueCommand({ SecretId: secretId }),
  );
  if (answer.SecretString === undefined) throw new Error(`The secret ${secretId} has no text.`);
  return answer.SecretString;
}
