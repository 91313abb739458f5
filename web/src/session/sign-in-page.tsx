import { type FormEvent, useState } from "react";
import { Logo } from "../shell/logo.tsx";

/** The door: a name where one may choose it, or the way to the identity provider. */
export function SignInPage({
  choosesName,
  problem,
  onSignIn,
}: {
  choosesName: boolean;
  problem?: string;
  onSignIn: (wanted: { name: string; admin: boolean }) => Promise<void>;
}) {
  const [name, setName] = useState("");
  const [admin, setAdmin] = useState(false);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    await onSignIn({ name: name.trim(), admin });
    setBusy(false);
  };
  return (
    <main className="door">
      <form onSubmit={(event) => void submit(event)}>
        <Logo size={56} />
        <h1>Shoebox</h1>
        <p>Your photos, in a box of your own.</p>
        {choosesName && (
          <>
            <label className="field">
              <span>Your name</span>
              <input
                type="text"
                name="name"
                required
                maxLength={100}
                autoComplete="username"
                autoCapitalize="none"
                // biome-ignore lint/a11y/noAutofocus: it is all that there is to do here.
                autoFocus
                value={name}
                onChange={({ target }) => setName(target.value)}
              />
            </label>
            <label className="check">
              <input
                type="checkbox"
                checked={admin}
                onChange={({ target }) => setAdmin(target.checked)}
              />
              <span>Administrator: may rebuild the search index</span>
            </label>
          </>
        )}
        <button type="submit" className="button primary" disabled={busy}>
          {busy ? "Opening…" : choosesName ? "Open my shoebox" : "Sign in"}
        </button>
        {problem && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        {choosesName && (
          <small>This system runs on your machine: whoever you say you are, you are.</small>
        )}
      </form>
    </main>
  );
}
