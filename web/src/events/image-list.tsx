import type { ImageSummary } from "./feed.ts";
import { Thumb } from "./thumb.tsx";
import { shortId, spanOf } from "./words.ts";

/** Rows in the document at most. */
const MOST = 100;

/** The images that something happened to, the last changed first. */
export function ImageList({
  images,
  onOpen,
}: {
  images: readonly ImageSummary[];
  onOpen(id: string): void;
}) {
  return (
    <ul className="list images">
      {images.slice(0, MOST).map((image) => (
        <li key={image.imageId}>
          <button type="button" className="row" onClick={() => onOpen(image.imageId)}>
            <Thumb hash={image.thumbHash} />
            <span className="row-main">
              <span className="row-title">
                <b>{shortId(image.imageId)}</b>
                {image.status && <i className={`tag tag-${image.status}`}>{image.status}</i>}
              </span>
              <span className="row-sub">
                {image.reason && image.status === "rejected" ? image.reason : image.ownerId}
              </span>
            </span>
            <span className="row-end">
              <span>{image.events} events</span>
              <span className="row-sub">in {spanOf(image.at - image.since)}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
