import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { DemoBar } from "./demo-bar.tsx";
import { EventList } from "./event-list.tsx";
import type { Fact } from "./fact.ts";
import { Feed } from "./feed.ts";
import { EVERYTHING, type Filter, passes } from "./filter.ts";
import { History } from "./history.tsx";
import { ImageList } from "./image-list.tsx";
import { LetterList } from "./letter-list.tsx";
import { inFlowOrder } from "./service-order.ts";
import { SystemMapView } from "./system-map-view.tsx";
import { TopBar } from "./top-bar.tsx";
import { useOpened } from "./use-opened.ts";
import type { SystemMap } from "./wire.ts";

type Tab = "events" | "images" | "letters";

/** Map and lists of one system. */
export function Workbench({ map }: { map: SystemMap }) {
  const [feed] = useState(() => new Feed());
  useEffect(() => {
    feed.open();
    return () => feed.close();
  }, [feed]);
  const snapshot = useSyncExternalStore(feed.subscribe, feed.snapshot);
  const services = useMemo(() => inFlowOrder(map), [map]);
  const [filter, setFilter] = useState<Filter>(EVERYTHING);
  const [tab, setTab] = useState<Tab>("events");
  const [opened, open] = useOpened();
  const [play, setPlay] = useState<Fact[]>();
  const stage = useRef<HTMLElement>(null);

  const facts = useMemo(
    () => snapshot.facts.filter((fact) => passes(fact, filter, services)).reverse(),
    [snapshot.facts, filter, services],
  );
  const thumbs = useMemo(
    () => new Map(snapshot.images.map(({ imageId, thumbHash }) => [imageId, thumbHash])),
    [snapshot.images],
  );
  const wanted = filter.text.trim().toLowerCase();
  const images = snapshot.images.filter(
    ({ imageId, ownerId }) =>
      wanted === "" || [imageId, ownerId].some((text) => text?.toLowerCase().includes(wanted)),
  );
  const types = useMemo(
    () => [...new Set([...map.services.flatMap((s) => s.publishes), ...s3Types(map)])].sort(),
    [map],
  );
  const tabs: [Tab, string, number][] = [
    ["events", "Events", facts.length],
    ["images", "Images", images.length],
    ["letters", "Dead letters", snapshot.letters.length],
  ];
  return (
    <>
      <TopBar snapshot={snapshot} feed={feed} />
      <main>
        <section className="stage" aria-label="Map" ref={stage}>
          <DemoBar onOpen={open} />
          <SystemMapView
            map={map}
            feed={feed}
            snapshot={snapshot}
            chosen={filter.place}
            onChoose={(place) => {
              setFilter({ ...filter, place });
              if (place !== "") setTab("events");
            }}
            play={play}
          />
          <p className="legend">
            <span>
              Every dot is an event: a change of a service's table goes through its relay onto the
              bus, and into the queues of those who listen.
            </span>
            {services.map(({ name }, of) => (
              <span key={name}>
                <i className={`dot of-${of}`} /> by {name}
              </span>
            ))}
            <span>
              <i className="dot of-none" /> by AWS
            </span>
            <span>
              <i className="dot dot-dead" /> could not be handled
            </span>
          </p>
        </section>
        <section className="panel" aria-label="What happens">
          {opened ? (
            <History
              key={opened}
              id={opened}
              map={map}
              services={services}
              snapshot={snapshot}
              onClose={() => open(undefined)}
              onOpen={open}
              onPlay={(story) => {
                // Where the map is above the list it may be out of sight.
                stage.current?.scrollIntoView();
                setPlay([...story]);
              }}
            />
          ) : (
            <>
              <div className="tabs" role="tablist" aria-label="Lists">
                {tabs.map(([name, label, amount]) => (
                  <button
                    key={name}
                    type="button"
                    role="tab"
                    id={`tab-${name}`}
                    aria-selected={tab === name}
                    aria-controls="list"
                    className={name === "letters" && amount > 0 ? "tab tab-dead" : "tab"}
                    onClick={() => setTab(name)}
                  >
                    {label} <span className="tab-count">{amount}</span>
                  </button>
                ))}
              </div>
              {tab !== "letters" && (
                <FilterBar
                  filter={filter}
                  types={types}
                  onChange={setFilter}
                  byType={tab === "events"}
                />
              )}
              <div className="tab-panel" role="tabpanel" id="list" aria-labelledby={`tab-${tab}`}>
                {tab === "events" && facts.length > 0 && (
                  <EventList facts={facts} thumbs={thumbs} services={services} onOpen={open} />
                )}
                {tab === "events" && facts.length === 0 && (
                  <Empty filtered={snapshot.facts.length > 0} />
                )}
                {tab === "images" && images.length > 0 && (
                  <ImageList images={images} onOpen={open} />
                )}
                {tab === "images" && images.length === 0 && (
                  <Empty filtered={snapshot.images.length > 0} />
                )}
                {tab === "letters" && snapshot.letters.length > 0 && (
                  <LetterList letters={snapshot.letters} onOpen={open} />
                )}
                {tab === "letters" && snapshot.letters.length === 0 && (
                  <p className="empty">
                    None. What can't be handled in several attempts comes here with its reason.
                  </p>
                )}
              </div>
            </>
          )}
        </section>
      </main>
      <p className="unseen" role="status">
        {snapshot.letters.length > 0 && `${snapshot.letters.length} dead letters`}
      </p>
    </>
  );
}

function Empty({ filtered }: { filtered: boolean }) {
  return (
    <p className="empty">
      {filtered
        ? "Nothing that was seen passes the filter."
        : "Nothing has happened yet. Send a picture through, or use the system: what crosses its buses appears here."}
    </p>
  );
}

function FilterBar({
  filter,
  types,
  onChange,
  byType,
}: {
  filter: Filter;
  types: string[];
  onChange(filter: Filter): void;
  byType: boolean;
}) {
  return (
    <search className="filter">
      {byType && (
        <select
          aria-label="Type of event"
          value={filter.type}
          onChange={(event) => onChange({ ...filter, type: event.target.value })}
        >
          <option value="">Every type</option>
          {types.map((type) => (
            <option key={type}>{type}</option>
          ))}
        </select>
      )}
      <input
        type="search"
        placeholder="Image, owner or correlation id"
        aria-label="Image, owner or correlation id"
        value={filter.text}
        onChange={(event) => onChange({ ...filter, text: event.target.value })}
      />
      {byType && filter.place !== "" && (
        <button
          type="button"
          className="chip"
          onClick={() => onChange({ ...filter, place: "" })}
          aria-label={`No longer only ${placeName(filter.place)}`}
        >
          {placeName(filter.place)} <span aria-hidden="true">×</span>
        </button>
      )}
    </search>
  );
}

/** A place without its kind and without what every queue's name begins with. */
function placeName(place: string): string {
  return place.replace(/^(\w+):(?:shoebox-\w+-)?/, (_, kind) =>
    kind === "queue" ? "" : `${kind} `,
  );
}

function s3Types(map: SystemMap): string[] {
  return map.services.flatMap(({ queues }) => queues.flatMap(({ types }) => types));
}
