/**
 * What a malware scanner that watches the bucket says of one version of an object. Only what is clean
 * may go on.
 */
export type Scan = "clean" | "infected" | "unscannable" | "awaited";

/**
 * What GuardDuty's result means, which is a word in its event and in the tag that it puts on what it has
 * scanned. Besides the two clear ones there are UNSUPPORTED (it does not scan such a file), ACCESS_DENIED
 * (its role may not read the object, a mistake of ours) and FAILED; it looks only once, so each of them
 * is its last word, and none of them, nor a word that is not known here, proves anything.
 */
export function scanOf(result: string | undefined): Scan {
  if (result === undefined) return "awaited";
  if (result === "NO_THREATS_FOUND") return "clean";
  return result === "THREATS_FOUND" ? "infected" : "unscannable";
}
