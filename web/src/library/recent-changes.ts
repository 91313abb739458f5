/** Tokens that a search takes at most. */
const MOST = 10;
/** Milliseconds after which a change is in every search for certain. */
const LIFETIME = 60_000;

/**
 * The versions that this page has made and a search may not know yet: it is asked to wait for them, so
 * that nobody sees the tags that he has just taken away.
 */
export class RecentChanges {
  #tokens: { token: string; at: number }[] = [];
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  add(token: string | null): void {
    if (token === null) return;
    this.#tokens = [...this.#tokens, { token, at: this.#now() }].slice(-MOST);
  }

  /** What a search has to wait for; nothing when all is long past. */
  after(): { after?: string[]; wait?: number } {
    this.#tokens = this.#tokens.filter(({ at }) => at > this.#now() - LIFETIME);
    if (this.#tokens.length === 0) return {};
    return { after: this.#tokens.map(({ token }) => token), wait: 5 };
  }

  /** A search that was asked to wait for these has caught up with them. */
  known(tokens: string[] | undefined): void {
    if (!tokens) return;
    this.#tokens = this.#tokens.filter(({ token }) => !tokens.includes(token));
  }
}
