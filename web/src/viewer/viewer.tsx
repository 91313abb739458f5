import { ShoeboxError } from "@shoebox/client";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Photo } from "../library/photo.ts";
import { sentenceOf, useEdits } from "../library/use-edits.ts";
import { useNeighbours, usePhoto } from "../library/use-photo.ts";
import { useGallery } from "../session/gallery-context.tsx";
import { recall, remember } from "../session/storage.ts";
import { IconButton } from "../shell/icon-button.tsx";
import { toast } from "../shell/toasts.ts";
import { useShortcuts } from "../shell/use-shortcuts.ts";
import { Panel } from "./panel.tsx";
import { Stage } from "./stage.tsx";

const PANEL = "shoebox-panel";

interface ViewerProps {
  imageId: string;
  /** The list behind it, in its order. */
  photos: Photo[];
  /** Whether the list is there yet. */
  listed: boolean;
  onStep(photo: Photo): void;
  onClose(): void;
  onExpired(photo: Photo): void;
  /** The last picture that was loaded is near. */
  onNearEnd(): void;
}

/** One picture over the gallery: looked at, described, changed, downloaded, deleted. */
export function Viewer({
  imageId,
  photos,
  listed,
  onStep,
  onClose,
  onExpired,
  onNearEnd,
}: ViewerProps) {
  const { session } = useGallery();
  const { remove } = useEdits();
  const dialog = useRef<HTMLDivElement>(null);
  const [panel, setPanel] = useState(() => recall<boolean>(PANEL) ?? false);
  const at = photos.findIndex((photo) => photo.imageId === imageId);
  const { data: photo, error, refetch } = usePhoto(imageId, photos[at]);
  const strayed = useNeighbours(photo, listed && at < 0).data;
  const previous = at >= 0 ? photos[at - 1] : strayed?.previous;
  const next = at >= 0 ? photos[at + 1] : strayed?.next;
  const mine = photo?.ownerId === session.userId;
  const download = useDownload();

  const toPrevious = useCallback(() => {
    if (previous) onStep(previous);
  }, [previous, onStep]);
  const toNext = useCallback(() => {
    if (next) onStep(next);
  }, [next, onStep]);
  const togglePanel = () => {
    remember(PANEL, !panel);
    setPanel(!panel);
  };
  const erase = () => {
    if (!photo || !mine) return;
    const then = next ?? previous;
    remove([photo]);
    if (then) onStep(then);
    else onClose();
  };
  useShortcuts({
    Escape: onClose,
    ArrowLeft: toPrevious,
    ArrowRight: toNext,
    i: togglePanel,
    d: () => void (photo && mine && download(photo)),
    Delete: erase,
  });
  useEffect(() => {
    dialog.current?.focus();
    const { overflow } = document.body.style;
    document.body.style.overflow = "hidden";
    return () => {
      document.body.style.overflow = overflow;
    };
  }, []);

  useEffect(() => {
    if (at >= photos.length - 5) onNearEnd();
  }, [at, photos.length, onNearEnd]);

  const missing = error instanceof ShoeboxError && error.status === 404;
  return (
    <div
      ref={dialog}
      className={`viewer ${panel ? "with-panel" : ""}`}
      role="dialog"
      aria-modal="true"
      aria-label="Photo"
      tabIndex={-1}
    >
      <header className="viewer-bar">
        <IconButton icon="back" label="Back to the gallery" onClick={onClose} />
        <span className="viewer-count">
          {at >= 0 && `${(at + 1).toLocaleString()} of ${photos.length.toLocaleString()}`}
        </span>
        {photo && mine && photo.status === "ready" && (
          <IconButton
            icon="download"
            label="Download the original"
            onClick={() => void download(photo)}
          />
        )}
        {photo && mine && <IconButton icon="trash" label="Delete" onClick={erase} />}
        <IconButton icon="info" label="Details" aria-expanded={panel} onClick={togglePanel} />
      </header>
      {photo ? (
        <Stage
          photo={photo}
          previous={previous}
          next={next}
          onPrevious={toPrevious}
          onNext={toNext}
          onClose={onClose}
          onExpired={onExpired}
        />
      ) : (
        <div className="stage">
          <p className="stage-note">
            {missing ? (
              "There is no such photo, or it is not yours."
            ) : error ? (
              <>
                The photo can't be loaded: {sentenceOf(error)}
                <button type="button" className="text-button" onClick={() => void refetch()}>
                  Try again
                </button>
              </>
            ) : (
              <span className="pulse" />
            )}
          </p>
        </div>
      )}
      {panel && photo && (
        <aside className="panel" aria-label="Details">
          <header>
            <h2>Details</h2>
            <IconButton icon="close" label="Close the details" onClick={togglePanel} />
          </header>
          <Panel photo={photo} mine={mine} />
        </aside>
      )}
    </div>
  );
}

function useDownload() {
  const { client } = useGallery();
  return useCallback(
    async (photo: Photo) => {
      try {
        const params = {
          path: { imageId: photo.imageId },
          query: { rendition: "original", download: "1" as const },
        };
        const { data } = await client.api.GET("/v1/images/{imageId}/url", { params });
        if (!data) return;
        const link = document.createElement("a");
        link.href = data.url;
        link.download = photo.fileName ?? "";
        link.click();
      } catch (error) {
        toast({ text: `Not downloaded: ${sentenceOf(error)}`, kind: "problem" });
      }
    },
    [client],
  );
}
