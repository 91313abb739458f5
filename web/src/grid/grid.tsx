import { useWindowVirtualizer } from "@tanstack/react-virtual";
import {
  type KeyboardEvent,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { aspectOf, type Photo } from "../library/photo.ts";
import { justify, type Row } from "./justify.ts";
import { MonthHeading, monthOf } from "./month.tsx";
import { type Direction, neighbour, rowOf } from "./neighbours.ts";
import { Tile, type TileActions } from "./tile.tsx";

/** Pixels between pictures. */
const GAP = 4;
const HEADING = 64;
/** Rows beyond the window that are there before they are seen. */
const OVERSCAN = 5;
/** Rows before the end at which the next page is asked for. */
const EARLY = 8;

const keys: Record<string, Direction> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
  Home: "first",
  End: "last",
};

interface GridProps {
  photos: Photo[];
  /** Whether months head the pictures: not where relevance orders them. */
  months: boolean;
  selected: ReadonlySet<string>;
  userId: string;
  hrefOf(photo: Photo): string;
  onOpen(photo: Photo): void;
  onToggle(photo: Photo, range: boolean): void;
  onExpired(photo: Photo): void;
  /** The end of what was loaded comes into view. */
  onEnd(): void;
  /** The picture that is open over the grid: when it is closed, the keys go on from it. */
  opened?: string;
}

/** The pictures in justified rows, of which only those near the window are in the page. */
export function Grid(props: GridProps) {
  const { photos, months, selected, onOpen, onToggle, onExpired, onEnd, opened } = props;
  const frame = useRef<HTMLDivElement>(null);
  const [{ width, top }, setPlace] = useState({ width: 0, top: 0 });
  const [current, setCurrent] = useState(0);

  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const measure = () => {
      const box = element.getBoundingClientRect();
      setPlace({ width: box.width, top: box.top + window.scrollY });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);

  const rows = useMemo(() => {
    if (width === 0) return [];
    const pictures = photos.map((photo) => ({
      aspect: aspectOf(photo),
      month: months ? monthOf(photo) : "",
    }));
    return justify(pictures, { width, gap: GAP, heading: HEADING, target: targetFor(width) });
  }, [photos, months, width]);

  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: (index) => (rows[index]?.height ?? 0) + GAP,
    getItemKey: (index) => keyOf(rows[index], photos),
    overscan: OVERSCAN,
    scrollMargin: top,
  });
  // Heights are known, not measured: other rows have others.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the rows that make it necessary.
  useLayoutEffect(() => virtualizer.measure(), [rows, virtualizer]);

  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - EARLY) onEnd();
  }, [last, rows.length, onEnd]);

  const focusOn = useCallback(
    (index: number) => {
      setCurrent(index);
      const row = rowOf(rows, index);
      if (row < 0) return;
      virtualizer.scrollToIndex(row, { align: "auto" });
      // The row may only now come into the page.
      requestAnimationFrame(() =>
        requestAnimationFrame(() =>
          frame.current
            ?.querySelector<HTMLElement>(`a[data-index="${index}"]`)
            ?.focus({ preventScroll: true }),
        ),
      );
    },
    [rows, virtualizer],
  );
  // Who closes a picture goes on from it.
  const before = useRef(opened);
  useEffect(() => {
    if (opened === before.current) return;
    const left = before.current;
    before.current = opened;
    const index = photos.findIndex(({ imageId }) => imageId === left);
    if (opened === undefined && index >= 0) focusOn(index);
  }, [opened, photos, focusOn]);

  const actions = useMemo<TileActions>(
    () => ({ open: onOpen, toggle: onToggle, expired: onExpired, focus: setCurrent }),
    [onOpen, onToggle, onExpired],
  );

  const press = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const at = Math.min(current, photos.length - 1);
    const photo = photos[at];
    if (!photo) return;
    if ((event.key === " " || event.key === "x") && photo.ownerId === props.userId) {
      event.preventDefault();
      onToggle(photo, event.shiftKey);
      return;
    }
    const direction = keys[event.key];
    if (!direction) return;
    event.preventDefault();
    const to = neighbour(rows, at, direction, photos.length);
    const there = photos[to];
    if (event.shiftKey && there && there.ownerId === props.userId) {
      if (!selected.has(photo.imageId)) onToggle(photo, false);
      onToggle(there, true);
    }
    focusOn(to);
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a table can't be virtualised and justified.
    <div
      ref={frame}
      className="grid"
      role="grid"
      aria-label="Photos"
      aria-rowcount={rows.length}
      aria-multiselectable="true"
      tabIndex={-1}
      style={{ height: virtualizer.getTotalSize() }}
      onKeyDown={press}
    >
      {items.map(({ index, key, start }) => {
        const row = rows[index];
        if (!row) return null;
        const style = { transform: `translateY(${start - top}px)`, height: row.height };
        return (
          // biome-ignore lint/a11y/useSemanticElements: a table can't be virtualised and justified.
          // biome-ignore lint/a11y/useFocusableInteractive: its cells are.
          <div key={key} role="row" aria-rowindex={index + 1} className="grid-row" style={style}>
            {row.kind === "heading" ? (
              <MonthHeading month={row.month} />
            ) : (
              row.placed.map(({ index: at, left, width }) => {
                const photo = photos[at];
                return (
                  photo && (
                    <Tile
                      key={photo.imageId}
                      photo={photo}
                      index={at}
                      left={left}
                      width={width}
                      height={row.height}
                      selected={selected.has(photo.imageId)}
                      selecting={selected.size > 0}
                      current={at === Math.min(current, photos.length - 1)}
                      href={props.hrefOf(photo)}
                      foreign={photo.ownerId !== props.userId}
                      actions={actions}
                    />
                  )
                );
              })
            )}
          </div>
        );
      })}
    </div>
  );
}

/** Rows are lower on small screens: two or three pictures should be beside each other on a phone. */
function targetFor(width: number): number {
  if (width < 500) return 150;
  if (width < 900) return 200;
  return Math.min(260, 170 + width * 0.055);
}

function keyOf(row: Row | undefined, photos: Photo[]): string {
  if (!row) return "none";
  if (row.kind === "heading") return row.month;
  return photos[row.placed[0]?.index ?? -1]?.imageId ?? "none";
}
