import { describe, expect, it } from "vitest";
import { type Fact, factOf } from "./fact.ts";
import { COLUMNS_FROM, type Layout, layOut, type Place } from "./layout.ts";
import { originOf, queuesFor, routesOf } from "./routes.ts";
import { inFlowOrder } from "./service-order.ts";
import type { Service, SystemMap, WireEvent } from "./wire.ts";

const queue = (service: string, name: string, from: string, ...types: string[]) => ({
  name,
  queue: `shoebox-${service}-${name}`,
  bus: from === "aws.s3" ? "default" : "events",
  sources: [from],
  types,
  replayed: false,
  batch: 10,
  attempts: 5,
  deadLetters: [],
  changes: [],
});
const service = (name: string, more: Partial<Service>): Service => ({
  name,
  path: `/v1/${name}`,
  does: "",
  tables: [`${name}-table`],
  buckets: [],
  indexes: [],
  publishes: [],
  relay: { table: `${name}-table`, deadLetters: `shoebox-${name}-failed` },
  queues: [],
  schedules: [],
  ...more,
});

/** In another order than a picture goes through them. */
const map: SystemMap = {
  buses: [{ name: "default" }, { name: "events", archiveDays: 90 }],
  services: [
    service("index", {
      indexes: ["words"],
      queues: [
        queue("index", "project", "shoebox.list", "Listed"),
        { ...queue("index", "rebuild", "shoebox.list", "Listed"), replayed: true },
      ],
    }),
    service("list", {
      tables: ["aside", "list-table"],
      publishes: ["Listed"],
      queues: [queue("list", "take", "shoebox.make", "Made")],
    }),
    service("receive", {
      publishes: ["Received", "Unheard"],
      buckets: [{ name: "originals", tells: true }],
      queues: [queue("receive", "arrived", "aws.s3", "Object Created")],
      schedules: [{ name: "sweep", when: "rate(1 hour)", queue: "shoebox-sweep", deadLetters: [] }],
    }),
    service("make", {
      publishes: ["Made"],
      buckets: [{ name: "made", tells: false }],
      queues: [queue("make", "work", "shoebox.receive", "Received")],
    }),
  ],
  cdn: { buckets: ["originals", "made"] },
};

const event = (source: string, type: string, more: Partial<WireEvent> = {}): WireEvent => ({
  id: type,
  bus: source === "aws.s3" ? "default" : "events",
  at: 0,
  source,
  "detail-type": type,
  detail: source === "aws.s3" ? { bucket: { name: "shoebox-local-originals-0" } } : {},
  ...more,
});
const fact = (wire: WireEvent): Fact => factOf({ ...wire, queues: queuesFor(map, wire) });

it("a table beside the service's own has its name on a wide map, and leaves the room to the others on a narrow one", () => {
  const widthOf = (id: string, width: number) =>
    layOut(map, width).places.find((place) => place.id === id)?.w ?? 0;
  // node-drawing.tsx writes a store's name from 40 on.
  expect(widthOf("table:list/aside", 1_440)).toBeGreaterThanOrEqual(40);
  expect(widthOf("table:list/aside", COLUMNS_FROM)).toBeLessThan(40);
  for (const width of [COLUMNS_FROM, 1_440]) {
    expect(widthOf("table:list/list-table", width)).toBeGreaterThan(
      widthOf("table:list/aside", width),
    );
  }
});

it("services stand in the order in which a picture goes through them, whatever the order of the programs", () => {
  expect(inFlowOrder(map).map(({ name }) => name)).toEqual(["receive", "make", "list", "index"]);
});

describe.each([320, 390, COLUMNS_FROM - 1, COLUMNS_FROM, 940, 1600])("at %i pixels", (width) => {
  const layout = layOut(map, width);
  const inside = (place: Place) =>
    place.x >= 0 &&
    place.y >= 0 &&
    place.x + place.w <= width &&
    place.y + place.h <= layout.height;
  const apart = (a: Place, b: Place) =>
    a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;

  it("everything is on the map and nothing on top of something else", () => {
    expect(layout.places.filter((place) => !inside(place))).toEqual([]);
    // Cards and buses hold what is in them.
    const small = layout.places.filter(({ kind }) => kind !== "service" && kind !== "bus");
    const clashes = small.flatMap((a, index) =>
      small.slice(index + 1).flatMap((b) => (apart(a, b) ? [] : [`${a.id} and ${b.id}`])),
    );
    expect(clashes).toEqual([]);
  });

  it("every queue, relay and telling bucket has a way over its bus", () => {
    const queues = map.services.flatMap((s) => [...s.queues, ...s.schedules]);
    for (const { queue: name } of queues) expect(layout.in.get(name), name).toBeDefined();
    for (const { name } of map.services) {
      expect(layout.out.get(`service:${name}`), name).toBeDefined();
    }
    expect(layout.out.get("bucket:originals")).toBeDefined();
    expect(layout.out.get("bucket:made")).toBeUndefined();
  });

  it("an event runs from who published it to all who listen, straight along the bus", () => {
    const [route, ...more] = routesOf(fact(event("shoebox.list", "Listed")), layout);
    expect(more).toEqual([]);
    expect(route?.queue).toBe("shoebox-index-project");
    const out = layout.out.get("service:list") ?? [];
    const [end, begin] = [out.at(-1), layout.in.get("shoebox-index-project")?.[0]];
    expect(layout.mode === "columns" ? end?.y === begin?.y : end?.x === begin?.x).toBe(true);
    expect(route?.points.slice(0, out.length)).toEqual(out);
  });

  it("events come from the table that the relay reads, whatever else the service owns", () => {
    const table = layout.places.find(({ id }) => id === "table:list/list-table") as Place;
    expect(layout.out.get("service:list")?.[0]).toEqual({
      x: centre(table).x,
      y: table.y + table.h,
    });
  });

  it("what nobody listens to goes into the archive; what is replayed comes from there", () => {
    const archive = layout.places.find(({ id }) => id === "archive:events") as Place;
    const unheard = routesOf(fact(event("shoebox.receive", "Unheard")), layout);
    expect(unheard).toHaveLength(1);
    expect(unheard[0]?.points.at(-1)).toEqual(centre(archive));
    const replayed = fact(event("shoebox.list", "Listed", { "replay-name": "again" }));
    expect(originOf(replayed, layout)).toBe("archive:events");
    expect(routesOf(replayed, layout).map((route) => route.queue)).toEqual([
      "shoebox-index-rebuild",
    ]);
  });

  it("S3 tells from the bucket, and the clock from the default bus", () => {
    expect(originOf(fact(event("aws.s3", "Object Created")), layout)).toBe("bucket:originals");
    const tick = event("aws.events", "Scheduled Event", { bus: "default" });
    const clocked = { ...fact(tick), queues: ["shoebox-sweep"] };
    expect(routesOf(clocked, layout)).toMatchObject([{ queue: "shoebox-sweep", of: undefined }]);
  });

  it("what comes from nobody on the map is not drawn", () => {
    expect(routesOf(fact(event("somebody.else", "Said")), layout)).toEqual([]);
  });
});

function centre({ x, y, w, h }: Place): Layout["wires"][number]["points"][number] {
  return { x: x + w / 2, y: y + h / 2 };
}
