import type { Fact } from "./fact.ts";
import type { Service } from "./wire.ts";

/** What the lists show; empty texts show everything. */
export interface Filter {
  type: string;
  /** In an image's id, an owner's or a correlation id. */
  text: string;
  /** The id of a place of the map: what came from it or was sent to it. */
  place: string;
}

export const EVERYTHING: Filter = { type: "", text: "", place: "" };

export function passes(fact: Fact, { type, text, place }: Filter, services: Service[]): boolean {
  if (type !== "" && fact.type !== type) return false;
  if (text !== "") {
    const wanted = text.trim().toLowerCase();
    const ids = [fact.imageId, fact.ownerId, fact.correlationId];
    if (!ids.some((id) => id?.toLowerCase().includes(wanted))) return false;
  }
  return place === "" || touches(fact, place, services);
}

function touches(fact: Fact, place: string, services: Service[]): boolean {
  const [kind, name = ""] = [
    place.slice(0, place.indexOf(":")),
    place.slice(place.indexOf(":") + 1),
  ];
  switch (kind) {
    case "queue":
      return fact.queues.includes(name);
    case "schedules": {
      const own = services.find((service) => service.name === name)?.schedules ?? [];
      return own.some(({ queue }) => fact.queues.includes(queue));
    }
    case "bucket":
      return fact.source === "aws.s3";
    case "bus":
      return fact.bus === name;
    default:
      return fact.source === `shoebox.${name}`;
  }
}

/** The kinds of places that one can filter by. */
export function canFilterBy(place: string): boolean {
  return /^(queue|schedules|bucket|bus|relay|service):/.test(place);
}
