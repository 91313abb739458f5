import { useLayoutEffect, useRef, useState } from "react";
import type { Fact } from "./fact.ts";
import { Thumb } from "./thumb.tsx";
import type { Service } from "./wire.ts";
import { shortId, timeOf } from "./words.ts";

/** CSS pixels, as the style sheet has it. */
const ROW = 54;
const MORE = 6;

interface Props {
  /** Newest first. */
  facts: Fact[];
  /** By image: an image looks the same in all of its events, also in those before anybody knew how. */
  thumbs: ReadonlyMap<string, string | undefined>;
  services: Service[];
  onOpen(id: string): void;
}

/** The events, as many of them in the document as can be seen. Who has scrolled down stays where he is. */
export function EventList({ facts, thumbs, services, onOpen }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  const newest = useRef<string>(undefined);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    const element = box.current;
    const before = facts.findIndex(({ key }) => key === newest.current);
    newest.current = facts[0]?.key;
    if (element && element.scrollTop > 0 && before > 0) element.scrollTop += before * ROW;
  }, [facts]);

  const first = Math.max(0, Math.floor(top / ROW) - MORE);
  const seen = facts.slice(first, first + Math.ceil(height / ROW) + 2 * MORE);
  return (
    <div className="list-box">
      <div className="list" ref={box} onScroll={(event) => setTop(event.currentTarget.scrollTop)}>
        <ul style={{ height: facts.length * ROW }}>
          {seen.map((fact, index) => (
            <li key={fact.key} style={{ transform: `translateY(${(first + index) * ROW}px)` }}>
              <EventRow
                fact={fact}
                thumb={fact.thumbHash ?? thumbs.get(fact.imageId ?? "")}
                services={services}
                onOpen={onOpen}
              />
            </li>
          ))}
        </ul>
      </div>
      {top > ROW && (
        <button type="button" className="to-top" onClick={() => box.current?.scrollTo({ top: 0 })}>
          ↑ Newest
        </button>
      )}
    </div>
  );
}

function EventRow({
  fact,
  thumb,
  services,
  onOpen,
}: Pick<Props, "services" | "onOpen"> & { fact: Fact; thumb: string | undefined }) {
  const { imageId, correlationId } = fact;
  const id = imageId ?? correlationId;
  const hearers = hearersOf(fact, services);
  const bad = fact.status === "rejected";
  return (
    <button
      type="button"
      className="row"
      disabled={id === undefined}
      onClick={() => id && onOpen(id)}
    >
      <Thumb hash={thumb} />
      <span className="row-main">
        <span className="row-title">
          <span className={`dot ${colourOf(fact, services)}`} />
          <b className={bad ? "bad" : undefined}>{fact.type}</b>
          {fact.replay && <i className="tag">replayed</i>}
        </span>
        <span className="row-sub">
          {imageId ? shortId(imageId) : (correlationId && shortId(correlationId)) || fact.bus}
          {fact.ownerId && ` · ${fact.ownerId}`}
        </span>
      </span>
      <span className="row-end">
        <time>{timeOf(fact.at)}</time>
        <span className="row-sub">{hearers === "" ? "nobody listens" : `→ ${hearers}`}</span>
      </span>
    </button>
  );
}

/** The class of the colour of whose event it is. */
export function colourOf({ source }: Fact, services: Service[]): string {
  const of = services.findIndex(({ name }) => source === `shoebox.${name}`);
  return of < 0 ? "of-none" : `of-${of}`;
}

/** The services that an event was sent to. */
export function hearersOf({ queues }: Pick<Fact, "queues">, services: Service[]): string {
  return services
    .filter((service) =>
      [...service.queues, ...service.schedules].some(({ queue }) => queues.includes(queue)),
    )
    .map(({ name }) => name)
    .join(", ");
}
