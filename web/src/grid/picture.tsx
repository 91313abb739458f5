import { type CSSProperties, useEffect, useState } from "react";
import type { Photo } from "../library/photo.ts";
import { sourcesOf } from "../library/photo.ts";
import { placeholderOf } from "./placeholder.ts";

/** Milliseconds before a picture that did not load is asked for again; after the last, it has failed. */
const PAUSES = [800, 2_500, 8_000];

/**
 * A picture over its own blurred placeholder. One that does not load is asked for again; where its
 * signed address has ended, somebody has to bring a new one first.
 *
 * @param onExpired told when it does not load at all: its addresses may have ended
 */
export function Picture({
  photo,
  width,
  alt,
  onExpired,
}: {
  photo: Photo;
  /** Pixels on the page, for the browser's choice among the renditions. */
  width: number;
  alt: string;
  onExpired?: (photo: Photo) => void;
}) {
  const sources = sourcesOf(photo);
  const src = sources?.src;
  const [state, setState] = useState({ src, failures: 0, loaded: false });
  if (state.src !== src) setState({ src, failures: 0, loaded: false });
  const { failures, loaded } = state;
  const waiting = failures % 2 === 1;

  useEffect(() => {
    // An odd number is a pause before the next attempt.
    if (!waiting) return;
    const pause = PAUSES[(failures - 1) / 2];
    if (pause === undefined) return;
    const timer = setTimeout(
      () => setState((was) => ({ ...was, failures: was.failures + 1 })),
      pause,
    );
    return () => clearTimeout(timer);
  }, [waiting, failures]);

  const placeholder = placeholderOf(photo.thumbHash);
  const style: CSSProperties = {
    ...(photo.color && { backgroundColor: photo.color }),
    ...(placeholder && { backgroundImage: `url(${placeholder})` }),
  };
  return (
    <span className="picture" style={style}>
      {sources && !waiting && (
        <img
          key={`${src}#${failures}`}
          src={sources.src}
          srcSet={sources.srcSet}
          sizes={`${Math.ceil(width)}px`}
          alt={alt}
          decoding="async"
          draggable={false}
          className={loaded ? "loaded" : ""}
          ref={(image) => {
            if (image?.complete && image.naturalWidth > 0 && !loaded) {
              setState((was) => ({ ...was, loaded: true }));
            }
          }}
          onLoad={() => setState((was) => ({ ...was, loaded: true }))}
          onError={() => {
            setState((was) => ({ ...was, failures: was.failures + 1, loaded: false }));
            onExpired?.(photo);
          }}
        />
      )}
    </span>
  );
}
