/** An input that must be a text: a program that leaves it out is refused, not guessed at. */
export function text(value: unknown): string {
  if (typeof value !== "string")
    throw new Error(`a text was expected, not ${JSON.stringify(value)}`);
  return value;
}

/** An input that must be a number. */
export function number(value: unknown): number {
  if (typeof value !== "number") {
    throw new Error(`a number was expected, not ${JSON.stringify(value)}`);
  }
  return value;
}
