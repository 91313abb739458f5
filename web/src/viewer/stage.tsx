import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { placeholderOf } from "../grid/placeholder.ts";
import { describe, type Photo, sourcesOf } from "../library/photo.ts";
import { useGallery } from "../session/gallery-context.tsx";
import { Icon } from "../shell/icon.tsx";
import { IconButton } from "../shell/icon-button.tsx";
import { useShortcuts } from "../shell/use-shortcuts.ts";
import { useGestures } from "./use-gestures.ts";

/** Bytes of an original that is loaded just to look closer. */
const LARGEST_ORIGINAL = 40_000_000;

interface StageProps {
  photo: Photo;
  previous?: Photo;
  next?: Photo;
  onPrevious(): void;
  onNext(): void;
  onClose(): void;
  onExpired(photo: Photo): void;
}

/** One picture as large as the page allows, and closer. */
export function Stage({
  photo,
  previous,
  next,
  onPrevious,
  onNext,
  onClose,
  onExpired,
}: StageProps) {
  const stage = useRef<HTMLDivElement>(null);
  const picture = { width: photo.width ?? 1_000, height: photo.height ?? 1_000 };
  const gestures = useGestures(stage, picture, photo.imageId, {
    previous: onPrevious,
    next: onNext,
    close: onClose,
  });
  const { lie, fitted, pull, held, zoom } = gestures;
  useShortcuts({
    "+": () => zoom("in"),
    "=": () => zoom("in"),
    "-": () => zoom("out"),
    "0": () => zoom("reset"),
  });
  const { src, loaded, failed, settle } = useShownSource(photo, fitted.width * lie.scale);
  const sources = sourcesOf(photo);
  const placeholder = placeholderOf(photo.thumbHash);
  const x = lie.x + pull.x;
  const y = lie.y + pull.y;
  return (
    <div ref={stage} className={`stage ${held ? "held" : ""} ${lie.scale > 1 ? "zoomed" : ""}`}>
      {photo.status === "ready" ? (
        <div
          className="stage-picture"
          style={{
            width: fitted.width,
            height: fitted.height,
            transform: `translate(${x}px, ${y}px) scale(${lie.scale})`,
            ...(placeholder && !loaded && { backgroundImage: `url(${placeholder})` }),
          }}
        >
          {sources && !failed && (
            <img
              key={photo.imageId}
              src={sources.src}
              srcSet={sources.srcSet}
              sizes={`${Math.ceil(fitted.width)}px`}
              alt={describe(photo)}
              draggable={false}
              className={loaded ? "loaded" : ""}
              onLoad={() => settle("loaded")}
              onError={() => {
                settle("failed");
                onExpired(photo);
              }}
            />
          )}
          {src && <img src={src} alt="" draggable={false} className="original loaded" />}
          {failed && (
            <p className="stage-note">
              <Icon name="cloudOff" size={28} /> The photo can't be loaded now.
              <button type="button" className="text-button" onClick={() => settle("again")}>
                Try again
              </button>
            </p>
          )}
        </div>
      ) : (
        <p className="stage-note">
          {photo.status === "processing" ? (
            <>
              <span className="pulse" /> This photo is being processed. It appears here when it is
              ready.
            </>
          ) : (
            <>
              <Icon name="alert" size={28} />{" "}
              {photo.reason?.message ?? "This photo can't be shown."}
            </>
          )}
        </p>
      )}
      {previous && (
        <IconButton
          icon="previous"
          label="Previous photo"
          className="step previous"
          onClick={onPrevious}
        />
      )}
      {next && <IconButton icon="next" label="Next photo" className="step next" onClick={onNext} />}
      <Ahead photos={[next, previous]} />
    </div>
  );
}

/** Whether the renditions have come, and the original once somebody looks closer than they are good for. */
function useShownSource(photo: Photo, pixels: number) {
  const { client, session } = useGallery();
  const [state, setState] = useState({
    of: photo.imageId,
    url: sourcesOf(photo)?.src,
    is: "loading",
  });
  const url = sourcesOf(photo)?.src;
  // Another picture, or other addresses of the same one after they had ended.
  if (state.of !== photo.imageId || (state.is === "failed" && state.url !== url)) {
    setState({ of: photo.imageId, url, is: "loading" });
  }
  const widest = Math.max(0, ...photo.renditions.map(({ width }) => width));
  const closer =
    photo.status === "ready" &&
    photo.ownerId === session.userId &&
    (photo.width ?? 0) > widest &&
    photo.size <= LARGEST_ORIGINAL &&
    pixels * window.devicePixelRatio > widest * 1.2;
  const [wanted, setWanted] = useState(false);
  useEffect(() => {
    if (closer) setWanted(true);
  }, [closer]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another picture begins without.
  useEffect(() => setWanted(false), [photo.imageId]);
  const original = useQuery({
    queryKey: [session.userId, "original", photo.imageId],
    enabled: wanted,
    queryFn: async ({ signal }) => {
      const params = { path: { imageId: photo.imageId }, query: { rendition: "original" } };
      const { data } = await client.api.GET("/v1/images/{imageId}/url", { params, signal });
      if (!data) return null;
      const image = new Image();
      image.src = data.url;
      await image.decode();
      return data.url;
    },
    retry: 1,
    staleTime: 1_800_000,
  });
  const settle = (is: "loaded" | "failed" | "again") =>
    setState((was) => ({ ...was, is: is === "again" ? "loading" : is }));
  return {
    src: wanted ? (original.data ?? undefined) : undefined,
    loaded: state.is === "loaded",
    failed: state.is === "failed",
    settle,
  };
}

/** The pictures before and after, loaded while one looks at this one. */
function Ahead({ photos }: { photos: (Photo | undefined)[] }) {
  return (
    <span hidden>
      {photos.map((photo) => {
        const sources = photo && sourcesOf(photo);
        return (
          sources && (
            <img
              key={photo.imageId}
              src={sources.src}
              srcSet={sources.srcSet}
              sizes="100vw"
              alt=""
            />
          )
        );
      })}
    </span>
  );
}
