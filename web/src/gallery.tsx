import { useCallback, useEffect, useMemo, useReducer } from "react";
import { useLocation, useSearch } from "wouter";
import { Empty } from "./grid/empty.tsx";
import { Grid } from "./grid/grid.tsx";
import { monthName } from "./grid/month.tsx";
import { Trouble, Waiting } from "./grid/waiting.tsx";
import { useDiscarded } from "./library/discarded.ts";
import type { Photo } from "./library/photo.ts";
import { useFreshLibrary } from "./library/use-fresh-library.ts";
import { useFacets, usePhotos } from "./library/use-photos.ts";
import { useRenewal } from "./library/use-renewal.ts";
import { formatView, isWholeLibrary, parseView, type View } from "./library/view.ts";
import { Filters } from "./search/filters.tsx";
import { nothing, select } from "./selection/selected.ts";
import { SelectionBar } from "./selection/selection-bar.tsx";
import { useGallery } from "./session/gallery-context.tsx";
import { photos as counted } from "./shell/amounts.ts";
import { TopBar } from "./shell/top-bar.tsx";
import { useShortcuts } from "./shell/use-shortcuts.ts";
import type { Uploads } from "./upload/uploads.ts";
import { Viewer } from "./viewer/viewer.tsx";

/** The mark that a picture was opened from the grid, so that closing it is going back. */
const FROM_GRID = { fromGrid: true };

/** All pictures of a view, and one of them over it when the address names one. */
export function GalleryPage({
  imageId,
  uploads,
  onSignOut,
}: {
  imageId: string | undefined;
  uploads: Uploads;
  onSignOut: () => void;
}) {
  const { session } = useGallery();
  const [, navigate] = useLocation();
  const search = useSearch();
  const view = useMemo(() => parseView(search), [search]);
  const address = formatView(view);

  const list = usePhotos(view);
  const facets = useFacets(view);
  useFreshLibrary(view, list.isSuccess && !list.isPlaceholderData);
  const discarded = useDiscarded();
  const photos = useMemo(
    () => list.photos.filter((photo) => !discarded.has(photo.imageId)),
    [list.photos, discarded],
  );
  const [selected, change] = useReducer(select, nothing);
  const chosen = useMemo(
    () => photos.filter((photo) => selected.ids.has(photo.imageId)),
    [photos, selected.ids],
  );
  const mine = useMemo(
    () => photos.filter(({ ownerId }) => ownerId === session.userId).map((photo) => photo.imageId),
    [photos, session.userId],
  );
  useEffect(() => change({ kind: "keep", present: new Set(mine) }), [mine]);
  const show = useCallback(
    (next: View, replace = false) => navigate(`/${formatView(next)}`, { replace }),
    [navigate],
  );
  const open = useCallback(
    (photo: Photo) => navigate(`/photos/${photo.imageId}${address}`, { state: FROM_GRID }),
    [navigate, address],
  );
  const step = useCallback(
    (photo: Photo) =>
      navigate(`/photos/${photo.imageId}${address}`, { replace: true, state: history.state }),
    [navigate, address],
  );
  const close = useCallback(() => {
    if ((history.state as typeof FROM_GRID | null)?.fromGrid) history.back();
    else navigate(`/${address}`, { replace: true });
  }, [navigate, address]);
  const toggle = useCallback(
    (photo: Photo, range: boolean) =>
      change(
        range
          ? { kind: "range", imageId: photo.imageId, order: mine }
          : { kind: "toggle", imageId: photo.imageId },
      ),
    [mine],
  );
  const { fetchNextPage, hasNextPage, isFetchingNextPage, isFetchNextPageError } = list;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage, isFetchNextPageError]);
  const renew = useRenewal(view);
  const hrefOf = useCallback((photo: Photo) => `/photos/${photo.imageId}${address}`, [address]);

  const selectNothing = () => change({ kind: "none" });
  useShortcuts({ Escape: selectNothing }, imageId === undefined);
  useSelectAll(() => change({ kind: "all", order: mine }), imageId === undefined);
  useEffect(() => {
    document.title = titleOf(view);
  }, [view]);

  const viewing = imageId !== undefined;
  return (
    <>
      <div className="page" inert={viewing} aria-hidden={viewing}>
        {chosen.length > 0 ? (
          <SelectionBar
            photos={chosen}
            onDone={selectNothing}
            onAll={() => change({ kind: "all", order: mine })}
          />
        ) : (
          <TopBar
            view={view}
            onView={show}
            onFiles={(files) => void uploads.add(files)}
            onSignOut={onSignOut}
          />
        )}
        <main>
          <h1 className="unseen">{titleOf(view)}</h1>
          <Filters view={view} onChange={show} />
          <p className="found" role="status">
            {facets.data && !facets.isPlaceholderData && !isWholeLibrary(view)
              ? `${counted(facets.data.total)} found`
              : ""}
          </p>
          <div className={`results ${list.isPlaceholderData ? "stale" : ""}`}>
            {list.isPending ? (
              <Waiting />
            ) : list.isError && photos.length === 0 ? (
              <Trouble error={list.error} onRetry={() => void list.refetch()} />
            ) : photos.length === 0 && !list.isPlaceholderData && !hasNextPage ? (
              <Empty
                whole={isWholeLibrary(view)}
                onFiles={(files) => void uploads.add(files)}
                onAll={() => show(parseView(""))}
              />
            ) : (
              <Grid
                photos={photos}
                months={view.sort !== "relevance"}
                selected={selected.ids}
                userId={session.userId}
                hrefOf={hrefOf}
                onOpen={open}
                onToggle={toggle}
                onExpired={renew}
                onEnd={more}
                opened={imageId}
              />
            )}
            {isFetchNextPageError && (
              <Trouble error={list.error} onRetry={() => void fetchNextPage()} />
            )}
            {isFetchingNextPage && <Waiting rows={2} />}
          </div>
        </main>
      </div>
      {viewing && (
        <Viewer
          imageId={imageId}
          photos={photos}
          listed={list.isSuccess}
          onStep={step}
          onClose={close}
          onExpired={renew}
          onNearEnd={more}
        />
      )}
    </>
  );
}

/** Ctrl-A or ⌘A, where nobody writes. */
function useSelectAll(selectAll: () => void, enabled: boolean): void {
  useEffect(() => {
    if (!enabled) return;
    const listen = (event: KeyboardEvent) => {
      if (event.key !== "a" || !(event.ctrlKey || event.metaKey)) return;
      if (event.target instanceof Element && event.target.closest("input, textarea, select"))
        return;
      event.preventDefault();
      selectAll();
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, [selectAll, enabled]);
}

function titleOf({ q, tags, month, scope }: View): string {
  const parts = [q.trim(), ...tags.map((tag) => `#${tag}`), month && monthName(month)].filter(
    Boolean,
  );
  const what = parts.join(" ") || (scope === "mine" ? "" : "Public photos");
  return what ? `${what} – Shoebox` : "Shoebox";
}
