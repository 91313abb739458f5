import { inFlowOrder } from "./service-order.ts";
import type { Service, SystemMap } from "./wire.ts";

export interface Point {
  x: number;
  y: number;
}

type Kind =
  | "clients"
  | "cdn"
  | "service"
  | "table"
  | "bucket"
  | "index"
  | "queue"
  | "schedules"
  | "relay"
  | "bus"
  | "archive"
  | "clock";

/** Something that is drawn, and that can be asked about. */
export interface Place {
  id: string;
  kind: Kind;
  label: string;
  x: number;
  y: number;
  w: number;
  h: number;
  /** Which service's it is, counted in the drawn order; undefined for what belongs to none. */
  of?: number;
  /** Of a service: whether its heading stands at the right, since wires come in at the left. */
  headingRight?: boolean;
}

export interface Wire {
  id: string;
  kind: "request" | "bytes" | "publish" | "deliver" | "store";
  points: Point[];
  of?: number;
}

export interface Layout {
  /** Side by side above a bus, or below each other beside it. */
  mode: "columns" | "rows";
  width: number;
  height: number;
  services: Service[];
  places: Place[];
  wires: Wire[];
  /** From a source (`service:<name>`, `bucket:<name>`, `archive:<bus>`, `clock:<bus>`) to the middle of a bus. */
  out: Map<string, Point[]>;
  /** From the middle of a bus to a queue, by the queue's full name, and on to what its function changes. */
  in: Map<string, Point[]>;
}

/** CSS pixels. Below this width the services stand below each other. */
export const COLUMNS_FROM = 700;
const GAP = 12;
const HEADER = 54;
const STORE = 56;
const PILL = 30;
const BETWEEN = 8;
/** The width of a store that is a sign without its name. */
const SMALL = 22;
/** The width of a small store with its short name, where all stores of the card have so much for theirs. */
const SMALL_NAMED = 48;
const ROOMY = 64;
/** Of a card's sides, where wires run. */
const MARGIN = 24;

/** Where everything is, for a width in CSS pixels. All of it comes from the map; only distances are decided here. */
export function layOut(map: SystemMap, width: number): Layout {
  return width >= COLUMNS_FROM ? columns(map, width) : rows(map, width);
}

function columns(map: SystemMap, width: number): Layout {
  const services = inFlowOrder(map);
  const draft = newDraft(services);
  const cardWidth = (width - GAP * (services.length - 1)) / services.length;
  const clients = { id: "clients", kind: "clients", label: "Clients" } as const;
  draft.places.push({ ...clients, x: 0, y: 0, w: width, h: 34 });
  const top = 104;
  const lines = Math.max(...services.map(linesOf));
  const height = HEADER + STORE + 16 + lines * (PILL + BETWEEN) + 8 + PILL + 12;
  const buses = busesOf(map).map((bus, index) => ({
    ...bus,
    y: top + height + 30 + index * 42,
    h: index === 0 ? 32 : 26,
  }));
  const served: Place[] = [];
  services.forEach((service, of) => {
    const x = of * (cardWidth + GAP);
    const card: Place = {
      id: `service:${service.name}`,
      kind: "service",
      label: service.name,
      x,
      y: top,
      w: cardWidth,
      h: height,
      of,
      headingRight: of > 0 && service.buckets.length > 0,
    };
    // Buckets of the first card stand at its right and those of the others at their left: they share a CDN.
    const stores = storesOf(service, of === 0);
    const placed = fillCard(draft, card, service, stores);
    served.push(
      ...placed.stores.filter((p) => map.cdn.buckets.some((name) => p.id === `bucket:${name}`)),
    );
    const table = placed.table ?? card;
    const down = (p: number) => ({ x: p, y: 34 });
    draft.wires.push({
      id: `request:${service.name}`,
      kind: "request",
      of,
      points: [down(middle(table).x), { x: middle(table).x, y: top }],
    });
    const rightRail = card.x + card.w - MARGIN / 2;
    const lane = placed.storesEnd + 7;
    for (const bus of buses) {
      const at = bus.y + bus.h / 2;
      const relay = placed.relay;
      if (relay && bus.index === 0) {
        const leave = { x: middle(relay).x, y: at };
        const toRelay = [
          bottom(table),
          { x: middle(table).x, y: lane },
          { x: rightRail, y: lane },
          { x: rightRail, y: middle(relay).y },
          { x: relay.x + relay.w, y: middle(relay).y },
        ];
        draft.out.set(`service:${service.name}`, [
          ...toRelay,
          { x: relay.x + relay.w - 6, y: relay.y + relay.h },
          bottom(relay),
          leave,
        ]);
        draft.wires.push(
          { id: `store:${service.name}`, kind: "store", of, points: toRelay },
          {
            id: `publish:${service.name}`,
            kind: "publish",
            of,
            points: [bottom(relay), { x: leave.x, y: bus.y }],
          },
        );
      }
      for (const bucket of placed.stores.filter(({ kind }) => kind === "bucket")) {
        const tells = service.buckets.some((b) => b.tells && `bucket:${b.name}` === bucket.id);
        if (!tells || bus.name !== "default") continue;
        const points = [
          bottom(bucket),
          { x: middle(bucket).x, y: lane },
          { x: rightRail, y: lane },
          { x: rightRail, y: at },
        ];
        draft.out.set(bucket.id, points);
        draft.wires.push({ id: `publish:${bucket.id}`, kind: "publish", of, points });
      }
      for (const pill of placed.pills) {
        if (pill.bus !== bus.name) continue;
        const rail = card.x + (bus.index === 0 ? 15 : 8);
        const y = middle(pill.place).y;
        const entry = [
          { x: rail, y: at },
          { x: rail, y },
          { x: pill.place.x, y },
        ];
        deliver(draft, pill, entry, { rightRail, lane, stores: placed.stores, of });
      }
    }
  });
  addCdn(draft, served, 34);
  for (const bus of buses) addBus(draft, map, bus, { x: 0, y: bus.y, w: width, h: bus.h });
  const last = buses.at(-1);
  return finish(draft, "columns", width, (last?.y ?? 0) + (last?.h ?? 0) + 4);
}

function rows(map: SystemMap, width: number): Layout {
  const services = inFlowOrder(map);
  const draft = newDraft(services);
  const top = 46;
  const buses = busesOf(map).map((bus, index) => ({
    ...bus,
    x: index === 0 ? 0 : 34,
    w: index === 0 ? 28 : 22,
  }));
  const left = 66;
  const gutter = 10;
  const cdn = { id: "cdn", kind: "cdn", label: "CDN" } as const;
  const cdnWidth = 74;
  draft.places.push({
    id: "clients",
    kind: "clients",
    label: "Clients",
    x: 0,
    y: 0,
    w: width - cdnWidth - 22,
    h: 32,
  });
  const cdnPlace: Place = { ...cdn, x: width - cdnWidth, y: 0, w: cdnWidth, h: 32 };
  draft.places.push(cdnPlace);
  draft.wires.push({
    id: "bytes:clients",
    kind: "bytes",
    points: [
      { x: cdnPlace.x, y: 16 },
      { x: width - cdnWidth - 22, y: 16 },
    ],
  });
  let y = top;
  services.forEach((service, of) => {
    const h = HEADER + STORE + 16 + linesOf(service) * (PILL + BETWEEN) + PILL + 12;
    const w = width - left - gutter;
    const card: Place = {
      id: `service:${service.name}`,
      kind: "service",
      label: service.name,
      x: left,
      y,
      w,
      h,
      of,
    };
    const placed = fillCard(draft, card, service, storesOf(service, true));
    const rightRail = card.x + card.w - MARGIN / 2;
    const lane = placed.storesEnd + 7;
    const table = placed.table ?? card;
    for (const bucket of placed.stores.filter(({ kind }) => kind === "bucket")) {
      if (!map.cdn.buckets.includes(bucket.label)) continue;
      draft.wires.push({
        id: `bytes:${bucket.id}`,
        kind: "bytes",
        points: [
          { x: bucket.x + bucket.w, y: middle(bucket).y },
          { x: width - 3, y: middle(bucket).y },
          { x: width - 3, y: 32 },
        ],
      });
    }
    for (const bus of buses) {
      const at = bus.x + bus.w / 2;
      const edge = bus.x + bus.w;
      const relay = placed.relay;
      if (relay && bus.index === 0) {
        const toRelay = [
          bottom(table),
          { x: middle(table).x, y: lane },
          { x: rightRail, y: lane },
          { x: rightRail, y: middle(relay).y },
          { x: relay.x + relay.w, y: middle(relay).y },
        ];
        draft.out.set(`service:${service.name}`, [
          ...toRelay,
          { x: relay.x + relay.w - 6, y: relay.y + relay.h },
          { x: relay.x + 6, y: relay.y + relay.h },
          { x: relay.x, y: middle(relay).y },
          { x: at, y: middle(relay).y },
        ]);
        draft.wires.push(
          { id: `store:${service.name}`, kind: "store", of, points: toRelay },
          {
            id: `publish:${service.name}`,
            kind: "publish",
            of,
            points: [
              { x: relay.x, y: middle(relay).y },
              { x: edge, y: middle(relay).y },
            ],
          },
        );
      }
      for (const bucket of placed.stores.filter(({ kind }) => kind === "bucket")) {
        const tells = service.buckets.some((b) => b.tells && `bucket:${b.name}` === bucket.id);
        if (!tells || bus.name !== "default") continue;
        const points = [bottom(bucket), { x: middle(bucket).x, y: lane }, { x: at, y: lane }];
        draft.out.set(bucket.id, points);
        draft.wires.push({
          id: `publish:${bucket.id}`,
          kind: "publish",
          of,
          points: [...points.slice(0, 2), { x: edge, y: lane }],
        });
      }
      for (const pill of placed.pills) {
        if (pill.bus !== bus.name) continue;
        const py = middle(pill.place).y;
        const entry = [
          { x: at, y: py },
          { x: pill.place.x, y: py },
        ];
        deliver(draft, pill, entry, { rightRail, lane, stores: placed.stores, of });
      }
    }
    y += h + GAP;
  });
  for (const bus of buses)
    addBus(draft, map, bus, { x: bus.x, y: top, w: bus.w, h: y - top - GAP });
  return finish(draft, "rows", width, y - GAP + 4);
}

interface Draft {
  services: Service[];
  places: Place[];
  wires: Wire[];
  out: Layout["out"];
  in: Layout["in"];
}

function newDraft(services: Service[]): Draft {
  return { services, places: [], wires: [], out: new Map(), in: new Map() };
}

function finish(draft: Draft, mode: Layout["mode"], width: number, height: number): Layout {
  return { ...draft, mode, width, height };
}

/** The bus with an archive is the system's own and comes first. */
function busesOf(map: SystemMap) {
  return map.buses
    .toSorted((a, b) => Number(b.archiveDays ?? 0) - Number(a.archiveDays ?? 0))
    .map((bus, index) => ({ ...bus, index }));
}

function linesOf(service: Service): number {
  return service.queues.length + (service.schedules.length > 0 ? 1 : 0);
}

interface Store extends Pick<Place, "id" | "kind" | "label"> {
  /** A table whose changes nobody hears of: where there is little room, a sign alone. */
  small?: boolean;
}

/** What a service owns, side by side: its own table next to the bucket or the index, which stands at one end. */
function storesOf(service: Service, bucketsLast: boolean): Store[] {
  const buckets = service.buckets.map(
    ({ name }): Store => ({ id: `bucket:${name}`, kind: "bucket", label: name }),
  );
  const tables = service.tables
    .map(
      (name): Store => ({
        id: tableId(service, name),
        kind: "table",
        label: name,
        small: service.tables.length > 1 && name !== service.relay?.table,
      }),
    )
    .sort((a, b) => Number(b.small ?? false) - Number(a.small ?? false));
  const indexes = service.indexes.map(
    (name): Store => ({ id: `index:${name}`, kind: "index", label: name }),
  );
  return bucketsLast
    ? [...tables, ...indexes, ...buckets]
    : [...buckets, ...indexes, ...tables.toReversed()];
}

function tableId(service: Service, name: string): string {
  return `table:${service.name}/${name}`;
}

interface Pill {
  place: Place;
  bus: string;
  /** The full names of the queues that it stands for, and the stores that their functions change. */
  queues: string[];
  changes: string[];
}

/** Puts what a service has into its card: its stores side by side, its queues below, its relay at the end. */
function fillCard(draft: Draft, card: Place, service: Service, stores: Store[]) {
  const { of } = card;
  const x = card.x + MARGIN;
  const w = card.w - 2 * MARGIN;
  const small = stores.filter((store) => store.small).length;
  const room = w - 6 * (stores.length - 1);
  const smallWidth = room / Math.max(1, stores.length) >= ROOMY ? SMALL_NAMED : SMALL;
  const each = (room - small * smallWidth) / Math.max(1, stores.length - small);
  let left = x;
  const placedStores = stores.map(({ small: isSmall = false, ...store }): Place => {
    const place = {
      ...store,
      of,
      x: left,
      y: card.y + HEADER,
      w: isSmall ? smallWidth : each,
      h: STORE,
    };
    left += place.w + 6;
    return place;
  });
  const storesEnd = card.y + HEADER + STORE;
  let y = storesEnd + 16;
  const line = (rest: Pick<Place, "id" | "kind" | "label">): Place => {
    const place = { ...rest, of, x, y, w, h: PILL };
    y += PILL + BETWEEN;
    return place;
  };
  const pills = service.queues.map(
    (queue): Pill => ({
      place: line({ id: `queue:${queue.queue}`, kind: "queue", label: queue.name }),
      bus: queue.bus,
      queues: [queue.queue],
      changes: queue.changes,
    }),
  );
  if (service.schedules.length > 0) {
    pills.push({
      place: line({ id: `schedules:${service.name}`, kind: "schedules", label: "on a schedule" }),
      bus: "default",
      queues: service.schedules.map(({ queue }) => queue),
      changes: [],
    });
  }
  const relay: Place | undefined = service.relay && {
    id: `relay:${service.name}`,
    kind: "relay",
    label: "relay",
    of,
    x,
    y: card.y + card.h - PILL - 10,
    w,
    h: PILL,
  };
  draft.places.push(card, ...placedStores, ...pills.map(({ place }) => place));
  if (relay) draft.places.push(relay);
  const own = tableId(service, service.relay?.table ?? service.tables[0] ?? "");
  const table = placedStores.find(({ id }) => id === own);
  return { stores: placedStores, table, storesEnd, pills, relay };
}

/** The way into a queue, and on to what its function changes. */
function deliver(
  draft: Draft,
  { place, queues, changes }: Pill,
  entry: Point[],
  card: { rightRail: number; lane: number; stores: Place[]; of: number },
): void {
  const store = card.stores.find(({ label }) => changes.includes(label));
  const y = middle(place).y;
  const onward = store && [
    { x: place.x + place.w, y },
    { x: card.rightRail, y },
    { x: card.rightRail, y: card.lane },
    { x: middle(store).x, y: card.lane },
    bottom(store),
  ];
  // Along its lower edge, for its middle has its name.
  const through = [
    { x: place.x + 10, y: place.y + place.h },
    { x: place.x + place.w - 10, y: place.y + place.h },
  ];
  for (const queue of queues) draft.in.set(queue, [...entry, ...through, ...(onward ?? [])]);
  draft.wires.push({ id: `deliver:${place.id}`, kind: "deliver", of: card.of, points: entry });
  if (onward) {
    const points = onward.slice(0, 2);
    draft.wires.push({ id: `store:${place.id}`, kind: "store", of: card.of, points });
  }
}

/** A bar above the buckets that it serves from, and the way of the bytes: in from the clients, out to them. */
function addCdn(draft: Draft, served: Place[], clientsEnd: number): void {
  const [first, last] = [served[0], served.at(-1)];
  if (!first || !last) return;
  const x = first.x + first.w * 0.42;
  const right = last.x + last.w;
  const cdn: Place = { id: "cdn", kind: "cdn", label: "CDN", x, y: 57, w: right - x, h: 26 };
  for (const bucket of served) {
    const at = bucket === first ? bucket.x + bucket.w * 0.72 : middle(bucket).x;
    draft.wires.push({
      id: `bytes:${bucket.id}`,
      kind: "bytes",
      points: [
        { x: at, y: bucket.y },
        { x: at, y: cdn.y + cdn.h },
      ],
    });
  }
  draft.wires.push(
    {
      id: "bytes:cdn",
      kind: "bytes",
      points: [
        { x: middle(cdn).x, y: cdn.y },
        { x: middle(cdn).x, y: clientsEnd },
      ],
    },
    {
      id: "bytes:upload",
      kind: "bytes",
      points: [
        { x: first.x + first.w * 0.22, y: clientsEnd },
        { x: first.x + first.w * 0.22, y: first.y },
      ],
    },
  );
  draft.places.push(cdn);
}

function addBus(
  draft: Draft,
  map: SystemMap,
  { name, archiveDays }: { name: string; archiveDays?: number },
  box: { x: number; y: number; w: number; h: number },
): void {
  draft.places.push({ id: `bus:${name}`, kind: "bus", label: name, ...box });
  const clocked = map.services.some(({ schedules }) => schedules.length > 0) && name === "default";
  if (archiveDays === undefined && !clocked) return;
  const kind = archiveDays === undefined ? "clock" : "archive";
  const flat = box.w > box.h;
  const size = flat ? box.h - 8 : box.w - 6;
  const end: Place = {
    id: `${kind}:${name}`,
    kind,
    label: kind === "clock" ? "clock" : "archive",
    x: flat ? box.x + box.w - (kind === "clock" ? 72 : 86) : box.x + 3,
    y: flat ? box.y + 4 : box.y + box.h - size - 4,
    w: flat ? (kind === "clock" ? 68 : 82) : size,
    h: size,
  };
  draft.places.push(end);
  draft.out.set(end.id, [middle(end)]);
}

export function middle({ x, y, w, h }: Place): Point {
  return { x: x + w / 2, y: y + h / 2 };
}

function bottom({ x, y, w, h }: Place): Point {
  return { x: x + w / 2, y: y + h };
}
