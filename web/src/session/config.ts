/** What differs between environments: `/config.json`, which whoever serves the pages answers. */
export type Config =
  | { signIn: "dev"; api?: string }
  | { signIn: "oidc"; issuer: string; clientId: string; scope?: string; api?: string };

/** @throws Error with a sentence for people when there is none, or no usable one */
export async function loadConfig(): Promise<Config> {
  const response = await fetch("/config.json", { cache: "no-store" }).catch(() => undefined);
  if (!response?.ok) throw new Error("The settings of this Shoebox can't be loaded.");
  const config = (await response.json()) as Partial<Record<string, string>>;
  if (config.issuer !== undefined && config.clientId !== undefined) {
    const { issuer, clientId, scope, api } = config;
    return { signIn: "oidc", issuer, clientId, scope, api };
  }
  if (config.signIn === "dev") return { signIn: "dev", api: config.api };
  throw new Error("The settings of this Shoebox don't say how to sign in.");
}
