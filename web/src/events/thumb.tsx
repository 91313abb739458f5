import { placeholderOf } from "../grid/placeholder.ts";

/** A picture as blurred as a few bytes can tell it; an empty frame before it is known. */
export function Thumb({ hash, size = 34 }: { hash: string | undefined; size?: number }) {
  const url = placeholderOf(hash);
  if (url === undefined) return <span className={`thumb thumb-${size}`} />;
  return <img className={`thumb thumb-${size}`} src={url} alt="" />;
}
