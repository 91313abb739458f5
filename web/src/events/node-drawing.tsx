import type { Place } from "./layout.ts";
import type { Service } from "./wire.ts";
import { count, rateOf } from "./words.ts";

export interface DrawnPlace {
  place: Place;
  service: Service | undefined;
  /** Events that it was sent, or sent; a second, lately. */
  total: number;
  rate: number;
  dead: number;
  backlog: number;
  /** Whether buses stand beside the services instead of lying below them. */
  upright: boolean;
}

/** Where the middle of an upright bus's name is, from its top: where one sees it first. */
const UPRIGHT_NAME = 84;
/** Below this width a store is its sign alone; what it is called is told when somebody asks. */
const NAMED_FROM = 40;
/** Messages in a queue that fill its line. */
const FULL = 50;

/** One part of the map, by its kind. */
export function NodeDrawing({ place, service, total, rate, dead, backlog, upright }: DrawnPlace) {
  const { x, y, w, h, label } = place;
  const cx = x + w / 2;
  const cy = y + h / 2;
  switch (place.kind) {
    case "service":
      return (
        <>
          <rect className="hit" x={x} y={y} width={w} height="48" rx="14" />
          <text
            className="service-name"
            x={place.headingRight ? x + w - 16 : x + 16}
            y={y + 25}
            textAnchor={place.headingRight ? "end" : "start"}
          >
            {label}
            <tspan className="service-path" x={place.headingRight ? x + w - 16 : x + 16} dy="17">
              {service?.path}
            </tspan>
          </text>
        </>
      );
    case "table":
    case "bucket":
    case "index":
      return (
        <>
          <rect className="box" x={x} y={y} width={w} height={h} rx="9" />
          <Icon kind={place.kind} x={cx} y={w < NAMED_FROM ? cy : y + 21} />
          {w >= NAMED_FROM && (
            <text className="store-name" x={cx} y={y + h - 9} textAnchor="middle">
              {label}
            </text>
          )}
        </>
      );
    case "queue":
    case "schedules":
    case "relay":
      return (
        <>
          <rect
            className={dead > 0 ? "pill pill-dead" : "pill"}
            x={x}
            y={y}
            width={w}
            height={h}
            rx={place.kind === "relay" ? 7 : h / 2}
          />
          {backlog > 0 && (
            <line
              className="backlog"
              x1={x + 14}
              x2={x + 14 + (w - 28) * Math.min(1, backlog / FULL)}
              y1={y + h - 2}
              y2={y + h - 2}
            />
          )}
          <text className="pill-name" x={x + 13} y={cy + 4}>
            {label}
          </text>
          {total > 0 && (
            <text
              className={rate > 0 ? "pill-count pill-busy" : "pill-count"}
              x={x + w - 13}
              y={cy + 4}
              textAnchor="end"
            >
              {rate > 0 && w > 165 ? `${rateOf(rate)} · ` : ""}
              {count.format(total)}
            </text>
          )}
          {dead > 0 && (
            <>
              <circle className="dead" cx={x + w - 2} cy={y + 2} r="9" />
              <text className="dead-count" x={x + w - 2} y={y + 6} textAnchor="middle">
                {dead > 99 ? "99" : dead}
              </text>
            </>
          )}
        </>
      );
    case "bus":
      return (
        <>
          <rect className="bus" x={x} y={y} width={w} height={h} rx={Math.min(w, h) / 2} />
          <text
            className="bus-name"
            x={upright ? cx : x + 16}
            y={upright ? y + UPRIGHT_NAME : cy + 4}
            textAnchor={upright ? "middle" : "start"}
            transform={upright ? `rotate(-90 ${cx} ${y + UPRIGHT_NAME}) translate(0 4)` : undefined}
          >
            {label === "default" ? "default bus" : "EventBridge bus"}
          </text>
        </>
      );
    case "archive":
    case "clock":
      return (
        <>
          <rect className="box" x={x} y={y} width={w} height={h} rx={Math.min(h / 2, 9)} />
          <Icon kind={place.kind} x={w > 40 ? x + 15 : cx} y={cy} />
          {w > 40 && (
            <text className="end-name" x={x + 27} y={cy + 4}>
              {label}
            </text>
          )}
        </>
      );
    case "clients":
    case "cdn":
      return (
        <>
          <rect className="edge" x={x} y={y} width={w} height={h} rx={h / 2} />
          <text className="edge-name" x={cx} y={cy + 4.5} textAnchor="middle">
            {label}
          </text>
        </>
      );
  }
}

/** Line drawings of 20 by 20, by what they stand for. */
const ICONS: Partial<Record<Place["kind"], string>> = {
  table: "M-8 -6h16v12h-16zM-8 -2h16M-8 2h16M-2 -6v12",
  bucket: "M-8 -6h16l-2.4 13h-11.2zM-8.2 -6a8.2 2.4 0 0 1 16.4 0",
  index: "M-1.5 -1.5m-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0 -11 0M2.6 2.6L8 8",
  archive: "M-6 -4.5h12v3h-12zM-5 -1.5v6h10v-6M-1.6 1h3.2",
  clock: "M-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0 -11 0M0 -3v3l2.2 1.4",
};

function Icon({ kind, x, y }: { kind: Place["kind"]; x: number; y: number }) {
  return <path className="icon" d={ICONS[kind]} transform={`translate(${x} ${y})`} />;
}
