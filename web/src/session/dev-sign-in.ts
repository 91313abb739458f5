import { expiryOf, type Session, type SignIn } from "./session.ts";
import { forget, recall, remember } from "./storage.ts";

const KEY = "shoebox-user";
/** Seconds before its end at which a token is exchanged. */
const EARLY = 60;

interface Person {
  name: string;
  admin: boolean;
}

/** The local system's sign-in: anybody is who they say. */
export function devSignIn(): SignIn {
  return {
    choosesName: true,
    restore: async () => {
      const person = recall<Person>(KEY);
      return person && (await sessionOf(person));
    },
    begin: async ({ name, admin }) => {
      const session = await sessionOf({ name, admin });
      remember(KEY, { name, admin });
      return session;
    },
  };
}

async function sessionOf(person: Person): Promise<Session> {
  let token = await tokenFor(person);
  return {
    userId: person.name,
    name: person.name,
    admin: person.admin,
    token: async () => {
      if (expiryOf(token) - EARLY < Date.now() / 1_000) token = await tokenFor(person);
      return token;
    },
    signOut: async () => forget(KEY),
  };
}

async function tokenFor({ name, admin }: Person): Promise<string> {
  const response = await fetch("/dev/token", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ userId: name, ...(admin && { admin }) }),
  });
  if (!response.ok) throw new Error("Signing in did not work. Try another name.");
  return ((await response.json()) as { token: string }).token;
}
