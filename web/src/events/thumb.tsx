import { thumbHashToDataURL } from "thumbhash";

const MOST = 500;
const made = new Map<string, string>();

/** A picture as blurred as a few bytes can tell it; an empty frame before it is known. */
export function Thumb({ hash, size = 34 }: { hash: string | undefined; size?: number }) {
  const url = hash === undefined ? undefined : urlOf(hash);
  if (url === undefined) return <span className={`thumb thumb-${size}`} />;
  return <img className={`thumb thumb-${size}`} src={url} alt="" />;
}

function urlOf(hash: string): string | undefined {
  const known = made.get(hash);
  if (known !== undefined) return known;
  try {
    const url = thumbHashToDataURL(Uint8Array.from(atob(hash), (c) => c.charCodeAt(0)));
    if (made.size >= MOST) made.delete(made.keys().next().value ?? "");
    made.set(hash, url);
    return url;
  } catch {
    return undefined;
  }
}
