/** Who uses the gallery, and the token that says so. */
export interface Session {
  userId: string;
  /** How the user is called on the page. */
  name: string;
  admin: boolean;
  /** A bearer token that is good now; asked before each request. */
  token(): Promise<string>;
  /** Forgets the user; the page is another one afterwards. */
  signOut(): Promise<void>;
}

/** One way of signing in. */
export interface SignIn {
  /** Who is signed in already; undefined for nobody. */
  restore(): Promise<Session | undefined>;
  /**
   * Signs somebody in. An identity provider takes the page elsewhere, and this never resolves.
   *
   * @param wanted who to be, where one may choose
   */
  begin(wanted: { name: string; admin: boolean }): Promise<Session>;
  /** Whether one may choose who to be. */
  choosesName: boolean;
}

/** Seconds since 1970 until which a token is good, or 0 when it does not say. */
export function expiryOf(token: string): number {
  return Number(claimsOf(token).exp ?? 0);
}

/** What is inside of a JWT; nothing when it is none. Only for display: services verify, pages can't. */
export function claimsOf(token: string): Record<string, unknown> {
  try {
    const payload = token.split(".")[1] ?? "";
    const bytes = Uint8Array.from(
      atob(payload.replaceAll("-", "+").replaceAll("_", "/")),
      (character) => character.charCodeAt(0),
    );
    return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Whether the claims name the scope of those who run a Shoebox. */
export function isAdmin(claims: Record<string, unknown>): boolean {
  return String(claims.scope ?? "")
    .split(" ")
    .includes("shoebox:admin");
}
