import { type KeyboardEvent, memo, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { explain, queueOf } from "./explain.ts";
import type { Fact } from "./fact.ts";
import type { Amount, Feed, Snapshot } from "./feed.ts";
import { canFilterBy } from "./filter.ts";
import { Flow } from "./flow.ts";
import { type Layout, layOut, middle, type Place, type Point } from "./layout.ts";
import { type DrawnPlace, NodeDrawing } from "./node-drawing.tsx";
import { routesOf } from "./routes.ts";
import { useWidth } from "./use-width.ts";
import type { Service, SystemMap } from "./wire.ts";
import { count, rateOf } from "./words.ts";

/** What came before the page was there, and what waited in a pause, does not run any more. */
const TOO_OLD = 4_000;
/** Milliseconds between two events that are played again, each slower than it was. */
const STEP = 1_100;
const SLOWER = 1.5;

interface Props {
  map: SystemMap;
  feed: Feed;
  snapshot: Snapshot;
  chosen: string;
  onChoose(place: string): void;
  /** Events to show again, one after the other; a new array plays anew. */
  play: Fact[] | undefined;
}

/** The system as it is declared, with the events that run through it. */
export function SystemMapView({ map, feed, snapshot, chosen, onChoose, play }: Props) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const layout = useMemo(() => (width > 0 ? layOut(map, width) : undefined), [map, width]);
  const canvas = useRef<HTMLCanvasElement>(null);
  const flow = useRef<Flow>(undefined);
  const [shown, setShown] = useState<string>();

  useEffect(() => {
    if (!layout || !canvas.current) return;
    flow.current ??= new Flow(canvas.current);
    flow.current.resize(layout.width, layout.height);
  }, [layout]);
  useEffect(() => () => flow.current?.stop(), []);
  useEffect(() => {
    if (!layout) return;
    return feed.onArrival((facts) => {
      const fresh = facts.filter(({ at }) => Date.now() - at < TOO_OLD);
      const colours = coloursOf(canvas.current);
      // As far apart as they were, not all at once with the drawing.
      const first = fresh[0]?.at ?? 0;
      for (const fact of fresh) send(flow.current, fact, layout, colours, fact.at - first);
    });
  }, [feed, layout]);
  useEffect(() => {
    if (!layout || !play) return;
    flow.current?.stop();
    const colours = coloursOf(canvas.current);
    play.forEach((fact, index) => {
      send(flow.current, fact, layout, colours, index * STEP, SLOWER);
    });
  }, [play, layout]);

  const place = layout?.places.find(({ id }) => id === shown);
  return (
    <div className="map" ref={frame}>
      {layout && (
        <>
          <MapDrawing
            layout={layout}
            map={map}
            snapshot={snapshot}
            chosen={chosen}
            onChoose={onChoose}
            onShow={setShown}
          />
          <canvas className="map-flow" ref={canvas} />
          {place && <Tip place={place} layout={layout} map={map} snapshot={snapshot} />}
        </>
      )}
    </div>
  );
}

interface DrawingProps extends Pick<Props, "map" | "snapshot" | "chosen" | "onChoose"> {
  layout: Layout;
  onShow(place: string | undefined): void;
}

function MapDrawing({ layout, map, snapshot, chosen, onChoose, onShow }: DrawingProps) {
  const [current, setCurrent] = useState("clients");
  const { width, height, places, services } = layout;
  const drawing = useRef<SVGSVGElement>(null);
  const said = useMemo(
    () =>
      new Map(places.map((p) => [p.id, `${spoken(p, services)}. ${explain(p, map, services)}`])),
    [places, services, map],
  );
  const choose = (place: string) => {
    if (canFilterBy(place)) onChoose(chosen === place ? "" : place);
  };
  const show = useCallback(
    (place: string | undefined, focused: boolean) => {
      if (place !== undefined && focused) setCurrent(place);
      onShow(place);
    },
    [onShow],
  );
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") onShow(undefined);
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      choose(current);
    }
    const from = places.find(({ id }) => id === current);
    const next = from && neighbour(from, places, event.key);
    if (!next) return;
    event.preventDefault();
    drawing.current?.querySelector<SVGGElement>(`[data-id="${CSS.escape(next.id)}"]`)?.focus();
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing of buttons is no <fieldset>.
    <svg
      ref={drawing}
      className={`map-drawing map-${layout.mode}`}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="group"
      aria-label="The system: arrow keys go from part to part"
      onKeyDown={onKeyDown}
      onClick={({ target }) => {
        const place = target instanceof Element && target.closest("[data-id]");
        if (place) choose(place.getAttribute("data-id") ?? "");
      }}
    >
      <Ground layout={layout} />
      {places.map((place) => {
        const amount = amountAt(place, layout, snapshot);
        return (
          <PlaceOnMap
            key={place.id}
            place={place}
            service={place.of === undefined ? undefined : services[place.of]}
            said={said.get(place.id) ?? ""}
            chosen={chosen === place.id}
            current={current === place.id}
            show={show}
            total={amount?.total ?? 0}
            rate={amount?.rate ?? 0}
            dead={deadAt(place, layout, snapshot)}
            backlog={backlogAt(place, snapshot)}
            upright={layout.mode === "rows"}
          />
        );
      })}
    </svg>
  );
}

/** What does not change while events run: cards and wires. */
const Ground = memo(function Ground({ layout: { places, wires } }: { layout: Layout }) {
  return (
    <>
      <defs>
        <marker
          id="arrow"
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="7"
          markerHeight="7"
          orient="auto-start-reverse"
        >
          <path d="M0 0.8 L7.4 4 L0 7.2 z" className="arrow" />
        </marker>
      </defs>
      {places
        .filter(({ kind }) => kind === "service")
        .map((place) => (
          <rect
            key={place.id}
            className={`card of-${place.of}`}
            x={place.x}
            y={place.y}
            width={place.w}
            height={place.h}
            rx="14"
          />
        ))}
      {wires.map((wire) => (
        <path
          key={wire.id}
          className={`wire wire-${wire.kind} ${wire.of === undefined ? "" : `of-${wire.of}`}`}
          d={rounded(wire.points)}
          markerEnd={wire.kind === "store" ? undefined : "url(#arrow)"}
          markerStart={wire.kind === "request" ? "url(#arrow)" : undefined}
        />
      ))}
    </>
  );
});

interface PlaceProps extends DrawnPlace {
  said: string;
  chosen: boolean;
  /** Whether the tab key comes here; arrow keys go on. */
  current: boolean;
  show(place: string | undefined, focused: boolean): void;
}

/** One part of the map; it is drawn anew when something of it has changed, and not with every event. */
const PlaceOnMap = memo(function PlaceOnMap({ said, chosen, current, show, ...drawn }: PlaceProps) {
  const { id, kind, of } = drawn.place;
  const filters = canFilterBy(id);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a part of a drawing can't be a <button>.
    <g
      data-id={id}
      className={`place place-${kind} ${of === undefined ? "" : `of-${of}`}`}
      role="button"
      aria-disabled={!filters}
      aria-pressed={filters ? chosen : undefined}
      aria-label={said}
      tabIndex={current ? 0 : -1}
      onFocus={() => show(id, true)}
      onBlur={() => show(undefined, false)}
      onPointerEnter={(event) => event.pointerType === "mouse" && show(id, false)}
      onPointerLeave={(event) => event.pointerType === "mouse" && show(undefined, false)}
    >
      <NodeDrawing {...drawn} />
    </g>
  );
});

function Tip({
  place,
  layout,
  map,
  snapshot,
}: {
  place: Place;
  layout: Layout;
  map: SystemMap;
  snapshot: Snapshot;
}) {
  const width = Math.min(300, layout.width - 16);
  const tall = place.h > 120;
  const x = Math.min(Math.max(8, middle(place).x - width / 2), layout.width - width - 8);
  const below = tall ? place.y + 44 : place.y + place.h + 8;
  const above = !tall && place.y > layout.height * 0.55;
  const amount = amountAt(place, layout, snapshot);
  const dead = deadAt(place, layout, snapshot);
  const backlog = backlogAt(place, snapshot);
  return (
    <div
      className="tip"
      role="tooltip"
      style={{
        left: x,
        width,
        ...(above ? { bottom: layout.height - place.y + 8 } : { top: below }),
      }}
    >
      <strong>{spoken(place, layout.services)}</strong>
      <p>{explain(place, map, layout.services)}</p>
      {amount && (
        <p className="tip-amounts">
          {count.format(amount.total)} seen, {rateOf(amount.rate)}
          {backlog > 0 && `, ${count.format(backlog)} in it now`}
        </p>
      )}
      {dead > 0 && <p className="tip-dead">{count.format(dead)} dead letters</p>}
    </div>
  );
}

function send(
  flow: Flow | undefined,
  fact: Fact,
  layout: Layout,
  colours: string[],
  after = 0,
  slower = 1,
): void {
  for (const { points, of } of routesOf(fact, layout)) {
    flow?.send(points, colours[of ?? colours.length - 1] ?? "gray", after, slower);
  }
}

/** The colours of the services as they are now, light or dark, and last the one of what is nobody's. */
function coloursOf(element: Element | null): string[] {
  const samples = element?.parentElement?.querySelectorAll(".card") ?? [];
  const colours = [...samples].map((sample) => getComputedStyle(sample).stroke);
  return [...colours, element ? getComputedStyle(element).color : "gray"];
}

const NAMES: Record<Place["kind"], string> = {
  clients: "",
  cdn: "",
  service: "Service",
  table: "Table",
  bucket: "Bucket",
  index: "Index",
  queue: "Queue",
  schedules: "Jobs",
  relay: "Relay",
  bus: "Bus",
  archive: "Archive",
  clock: "Clock",
};

function spoken({ kind, label, of }: Place, services: Service[]): string {
  const service = of === undefined ? undefined : services[of];
  if (kind === "relay" || kind === "schedules") return `${NAMES[kind]} of ${service?.name}`;
  if (kind === "bus" && label !== "default") return "EventBridge bus";
  const name = NAMES[kind];
  return name === "" || name.toLowerCase() === label ? label : `${name} ${label}`;
}

function amountAt(place: Place, { services }: Layout, { amounts }: Snapshot): Amount | undefined {
  const service = place.of === undefined ? undefined : services[place.of];
  switch (place.kind) {
    case "queue":
      return amounts.get(place.id);
    case "relay":
      return amounts.get(`service:${service?.name}`);
    case "schedules":
      return sum((service?.schedules ?? []).map(({ queue }) => amounts.get(`queue:${queue}`)));
    case "bucket":
      return service?.buckets.some(({ name, tells }) => tells && name === place.label)
        ? amounts.get("bytes")
        : undefined;
    default:
      return undefined;
  }
}

function sum(amounts: (Amount | undefined)[]): Amount | undefined {
  const known = amounts.filter((amount) => amount !== undefined);
  if (known.length === 0) return undefined;
  return known.reduce((a, b) => ({ total: a.total + b.total, rate: a.rate + b.rate }));
}

/** How many dead letters there are of a place. */
function deadAt(place: Place, { services }: Layout, { depths }: Snapshot): number {
  const service = place.of === undefined ? undefined : services[place.of];
  const named = (() => {
    if (place.kind === "queue") return queueOf(service, place.id)?.deadLetters ?? [];
    if (place.kind === "schedules") {
      return service?.schedules.flatMap(({ deadLetters }) => deadLetters) ?? [];
    }
    if (place.kind !== "relay" || !service) return [];
    // What is left: the relay's own, in whatever queue.
    const others = [...service.queues, ...service.schedules].flatMap((q) => q.deadLetters);
    return [...depths.values()]
      .filter((d) => d.deadLetters && d.service === service.name && !others.includes(d.queue))
      .map(({ queue }) => queue);
  })();
  return named.reduce((total, queue) => {
    const depth = depths.get(queue);
    return total + (depth ? depth.waiting + depth.inFlight : 0);
  }, 0);
}

function backlogAt({ kind, id }: Place, { depths }: Snapshot): number {
  const depth = kind === "queue" ? depths.get(id.slice("queue:".length)) : undefined;
  return depth ? depth.waiting + depth.inFlight : 0;
}

/** The nearest place in the direction of an arrow key. */
function neighbour(from: Place, places: Place[], key: string): Place | undefined {
  const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  if (!way) return undefined;
  const [dx = 0, dy = 0] = way;
  const a = anchor(from);
  const far = (place: Place) => {
    const b = anchor(place);
    const along = (b.x - a.x) * dx + (b.y - a.y) * dy;
    const aside = Math.abs((b.x - a.x) * dy) + Math.abs((b.y - a.y) * dx);
    return along > 2 ? along + 2.5 * aside : Number.POSITIVE_INFINITY;
  };
  const nearest = places.reduce((best, place) => (far(place) < far(best) ? place : best), from);
  return nearest === from ? undefined : nearest;
}

/** Where a place is for the arrow keys: a card is its heading. */
function anchor(place: Place): Point {
  return place.kind === "service" ? { x: middle(place).x, y: place.y + 16 } : middle(place);
}

const RADIUS = 7;

/** A line through the points with its corners rounded, as SVG path data. */
function rounded(points: Point[]): string {
  return points
    .map((point, index) => {
      const [before, after] = [points[index - 1], points[index + 1]];
      if (!before) return `M${point.x} ${point.y}`;
      if (!after) return `L${point.x} ${point.y}`;
      const [from, to] = [towards(point, before), towards(point, after)];
      return `L${from.x} ${from.y}Q${point.x} ${point.y} ${to.x} ${to.y}`;
    })
    .join("");
}

function towards(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const part = Math.min(RADIUS, length / 2) / length;
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}
