import type { User, UserManager } from "oidc-client-ts";
import { claimsOf, isAdmin, type Session, type SignIn } from "./session.ts";

/** The path that the identity provider comes back to. */
const CALLBACK = "/signed-in";
/** Seconds before its end at which a token is renewed. */
const EARLY = 60;

/** Sign-in with an OpenID provider: authorization code with PKCE; the library is loaded only for it. */
export function oidcSignIn(options: { issuer: string; clientId: string; scope?: string }): SignIn {
  let manager: Promise<UserManager> | undefined;
  const loaded = () => {
    manager ??= createManager(options);
    return manager;
  };
  return {
    choosesName: false,
    restore: async () => {
      const users = await loaded();
      if (location.pathname === CALLBACK) {
        const user = await users.signinCallback();
        history.replaceState(null, "", typeof user?.state === "string" ? user.state : "/");
      }
      const user = await users.getUser();
      if (!user) return undefined;
      return sessionOf(users, user);
    },
    begin: async () => {
      await (await loaded()).signinRedirect({ state: location.pathname + location.search });
      return new Promise<Session>(() => undefined);
    },
  };
}

async function createManager({
  issuer,
  clientId,
  scope = "openid profile",
}: {
  issuer: string;
  clientId: string;
  scope?: string;
}): Promise<UserManager> {
  const { UserManager, WebStorageStateStore } = await import("oidc-client-ts");
  return new UserManager({
    authority: issuer,
    client_id: clientId,
    redirect_uri: `${location.origin}${CALLBACK}`,
    post_logout_redirect_uri: `${location.origin}/`,
    response_type: "code",
    scope,
    userStore: new WebStorageStateStore({ store: window.localStorage }),
  });
}

async function sessionOf(users: UserManager, user: User): Promise<Session> {
  let current = user;
  const token = async () => {
    if ((current.expires_in ?? Number.POSITIVE_INFINITY) < EARLY) {
      const renewed = await users.signinSilent();
      if (!renewed) throw new Error("Your session has ended. Sign in again.");
      current = renewed;
    }
    return current.access_token;
  };
  const bearer = await token();
  const { profile } = current;
  return {
    userId: profile.sub,
    name: profile.name ?? profile.preferred_username ?? profile.email ?? profile.sub,
    admin: isAdmin(claimsOf(bearer)),
    token,
    signOut: () => users.signoutRedirect().catch(() => users.removeUser()),
  };
}
