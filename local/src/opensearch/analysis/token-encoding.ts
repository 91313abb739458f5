const ESCAPE_BASE = 0xe000;

/**
 * Writes a token so that FTS5's `ascii` tokenizer takes it as one token and changes nothing: it splits at ASCII
 * marks and lowercases ASCII letters, and keeps every other character. Such marks and capitals are moved
 * into a private-use plane, one by one, so prefixes of tokens are prefixes of what is stored.
 */
export function encodeToken(token: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is "ASCII without a-z and 0-9".
  return token.replace(/[\x00-\x2f\x3a-\x60\x7b-\x7f]/g, (character) =>
    String.fromCharCode(ESCAPE_BASE + character.charCodeAt(0)),
  );
}

/** The token that was written so. */
export function decodeToken(encoded: string): string {
  return encoded.replace(/[\ue000-\ue07f]/g, (character) =>
    String.fromCharCode(character.charCodeAt(0) - ESCAPE_BASE),
  );
}

/** An FTS5 expression for one token, or for several in a row. */
export function phrase(tokens: string[]): string {
  return `"${tokens.map(encodeToken).join(" ")}"`;
}
