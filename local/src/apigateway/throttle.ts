/**
 * A stage's token bucket: `rateLimit` tokens a second come in, at most `burstLimit` are kept.
 *
 * @param now milliseconds
 */
export function stageThrottle(
  limits: { rateLimit: number; burstLimit: number },
  now: () => number,
): () => boolean {
  let tokens = limits.burstLimit;
  let filledAt = now();
  return () => {
    const at = now();
    tokens = Math.min(limits.burstLimit, tokens + ((at - filledAt) / 1000) * limits.rateLimit);
    filledAt = at;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
