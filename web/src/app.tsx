import { useEffect, useState } from "react";
import { type Config, loadConfig } from "./session/config.ts";
import { devSignIn } from "./session/dev-sign-in.ts";
import { oidcSignIn } from "./session/oidc-sign-in.ts";
import type { Session, SignIn } from "./session/session.ts";
import { SignInPage } from "./session/sign-in-page.tsx";
import { Logo } from "./shell/logo.tsx";
import { SignedIn } from "./signed-in.tsx";

type State =
  | { at: "loading" }
  | { at: "broken"; problem: string }
  | { at: "door"; config: Config; signIn: SignIn; problem?: string }
  | { at: "inside"; config: Config; session: Session };

/** The gallery, once it is known where it is and who uses it. */
export function App() {
  const [state, setState] = useState<State>({ at: "loading" });
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: every attempt loads it anew.
  useEffect(() => {
    let left = false;
    const set = (next: State) => {
      if (!left) setState(next);
    };
    open().then(set, (error: unknown) => set({ at: "broken", problem: messageOf(error) }));
    return () => {
      left = true;
    };
  }, [attempt]);

  switch (state.at) {
    case "loading":
      return (
        <main className="door" aria-busy="true">
          <span className="breathing">
            <Logo size={56} />
          </span>
        </main>
      );
    case "broken":
      return (
        <main className="door">
          <form onSubmit={(event) => event.preventDefault()}>
            <Logo size={56} />
            <h1>Shoebox</h1>
            <p role="alert">{state.problem}</p>
            <button
              type="button"
              className="button primary"
              onClick={() => {
                setState({ at: "loading" });
                setAttempt(attempt + 1);
              }}
            >
              Try again
            </button>
          </form>
        </main>
      );
    case "door":
      return (
        <SignInPage
          choosesName={state.signIn.choosesName}
          problem={state.problem}
          onSignIn={async (wanted) => {
            try {
              const session = await state.signIn.begin(wanted);
              setState({ at: "inside", config: state.config, session });
            } catch (error) {
              setState({ ...state, problem: messageOf(error) });
            }
          }}
        />
      );
    case "inside":
      return (
        <SignedIn
          key={state.session.userId}
          session={state.session}
          api={state.config.api ?? location.origin}
          local={state.config.signIn === "dev"}
          onSignOut={async () => {
            await state.session.signOut();
            setState({ at: "loading" });
            setAttempt(attempt + 1);
          }}
        />
      );
    default:
      return state satisfies never;
  }
}

async function open(): Promise<State> {
  const config = await loadConfig();
  const signIn = config.signIn === "oidc" ? oidcSignIn(config) : devSignIn();
  const session = await signIn.restore();
  return session ? { at: "inside", config, session } : { at: "door", config, signIn };
}

function messageOf(error: unknown): string {
  if (error instanceof TypeError) return "The service can't be reached. Is there a connection?";
  return error instanceof Error ? error.message : String(error);
}
