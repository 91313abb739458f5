import { type MouseEvent, memo, useRef } from "react";
import { describe, type Photo } from "../library/photo.ts";
import { Icon } from "../shell/icon.tsx";
import { Picture } from "./picture.tsx";

/** Milliseconds a finger rests on a picture to select it. */
const LONG_PRESS = 450;

export interface TileActions {
  open(photo: Photo): void;
  toggle(photo: Photo, range: boolean): void;
  focus(index: number): void;
  expired(photo: Photo): void;
}

interface TileProps {
  photo: Photo;
  index: number;
  left: number;
  width: number;
  height: number;
  selected: boolean;
  /** Whether any picture is selected: then a click selects, too. */
  selecting: boolean;
  /** Whether the tabulator key leads to this picture. */
  current: boolean;
  href: string;
  foreign: boolean;
  actions: TileActions;
}

/** One picture of the grid: a link to itself, with a box to select it. */
export const Tile = memo(function Tile(props: TileProps) {
  const { photo, index, left, width, height, selected, selecting, current, href, actions } = props;
  const pressed = useRef<ReturnType<typeof setTimeout>>(undefined);
  const longPressed = useRef(false);
  const selectable = !props.foreign;

  const click = (event: MouseEvent) => {
    // A new tab or window is the browser's business.
    if (event.ctrlKey || event.metaKey || event.button !== 0) return;
    event.preventDefault();
    if (longPressed.current) {
      longPressed.current = false;
      return;
    }
    if (selectable && (selecting || event.shiftKey)) actions.toggle(photo, event.shiftKey);
    else actions.open(photo);
  };
  const endPress = () => clearTimeout(pressed.current);

  const state = photo.status === "ready" ? "" : photo.status;
  const label =
    photo.status === "rejected"
      ? `Rejected: ${photo.reason?.message ?? "it can't be shown"}`
      : photo.status === "processing"
        ? "A photo that is being processed"
        : describe(photo);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table can't be virtualised and justified.
    <div
      role="gridcell"
      aria-selected={selected}
      tabIndex={-1}
      className={`tile ${selected ? "selected" : ""} ${state}`}
      style={{ transform: `translateX(${left}px)`, width, height }}
    >
      <a
        href={href}
        data-index={index}
        data-image={photo.imageId}
        tabIndex={current ? 0 : -1}
        aria-label={label}
        onClick={click}
        onFocus={() => actions.focus(index)}
        onContextMenu={(event) => {
          if (longPressed.current) event.preventDefault();
        }}
        onPointerDown={({ pointerType }) => {
          longPressed.current = false;
          if (pointerType === "mouse" || !selectable) return;
          pressed.current = setTimeout(() => {
            longPressed.current = true;
            actions.toggle(photo, false);
          }, LONG_PRESS);
        }}
        onPointerUp={endPress}
        onPointerCancel={endPress}
        onPointerMove={({ movementX, movementY }) => {
          if (Math.abs(movementX) + Math.abs(movementY) > 6) endPress();
        }}
      >
        {photo.status === "rejected" ? (
          <span className="tile-note">
            <Icon name="alert" />
            <span>{photo.reason?.message ?? "It can't be shown."}</span>
          </span>
        ) : photo.status === "processing" ? (
          <span className="tile-note">
            <span className="pulse" />
            <span>Processing</span>
          </span>
        ) : (
          <Picture photo={photo} width={width} alt="" onExpired={actions.expired} />
        )}
        {photo.visibility === "public" && photo.status === "ready" && (
          <span className="tile-public">
            <Icon name="globe" size={16} />
          </span>
        )}
      </a>
      {selectable && (
        <label className="tile-check">
          <input
            type="checkbox"
            tabIndex={-1}
            checked={selected}
            aria-label={`Select: ${label}`}
            onChange={() => undefined}
            onClick={(event) => actions.toggle(photo, event.shiftKey)}
          />
          <span aria-hidden="true">
            <Icon name="check" size={16} />
          </span>
        </label>
      )}
    </div>
  );
});
