import { useEffect, useMemo, useRef, useState } from "react";
import { colourOf, hearersOf } from "./event-list.tsx";
import { type Fact, factOf } from "./fact.ts";
import type { Snapshot } from "./feed.ts";
import { Letter } from "./letter-list.tsx";
import { Payload } from "./payload.tsx";
import { queuesFor } from "./routes.ts";
import { Thumb } from "./thumb.tsx";
import { type Service, type SystemMap, tell, type WireEvent, type WireLetter } from "./wire.ts";
import { shortId, spanOf, timeOf } from "./words.ts";

interface Told {
  events: WireEvent[];
  deadLetters: WireLetter[];
}

interface Props {
  id: string;
  map: SystemMap;
  services: Service[];
  snapshot: Snapshot;
  onClose(): void;
  onOpen(id: string): void;
  onPlay(facts: Fact[]): void;
}

/** All that happened to an image, or by one correlation id: from the archive, and as it goes on. */
export function History({ id, map, services, snapshot, onClose, onOpen, onPlay }: Props) {
  const [told, setTold] = useState<Told>();
  const [failure, setFailure] = useState<string>();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    let left = false;
    setTold(undefined);
    setFailure(undefined);
    heading.current?.focus();
    tell<Told>(`/dev/history/${encodeURIComponent(id)}`).then(
      (answer) => !left && setTold(answer),
      (error: unknown) => !left && setFailure(String(error)),
    );
    return () => {
      left = true;
    };
  }, [id]);

  const facts = useMemo(() => {
    const past = (told?.events ?? []).map((event) =>
      factOf({ ...event, queues: event.queues ?? queuesFor(map, event) }),
    );
    const all = new Map([...past, ...snapshot.facts].map((fact) => [fact.key, fact]));
    return [...all.values()]
      .filter(({ imageId, correlationId }) => imageId === id || correlationId === id)
      .sort((a, b) => a.at - b.at);
  }, [told, snapshot.facts, id, map]);
  const letters = useMemo(() => {
    const now = snapshot.letters.filter(({ body }) => body.includes(id));
    return [...new Map([...(told?.deadLetters ?? []), ...now].map((l) => [l.id, l])).values()];
  }, [told, snapshot.letters, id]);

  const first = facts[0]?.at ?? 0;
  const isImage = facts.some(({ imageId }) => imageId === id);
  const known = facts.findLast(({ thumbHash }) => thumbHash !== undefined);
  const owner = facts.find(({ ownerId }) => ownerId !== undefined)?.ownerId;
  const lines = linesOf(facts, letters);
  return (
    <section className="history" aria-label="History">
      <header>
        <button type="button" className="link" onClick={onClose}>
          ← All events
        </button>
        <div className="history-head">
          <Thumb hash={known?.thumbHash} size={56} />
          <div>
            <h2 ref={heading} tabIndex={-1}>
              {isImage ? "Image" : "Story"} {shortId(id)}
            </h2>
            <p className="row-sub mono">{id}</p>
            {owner && <p className="row-sub">of {owner}</p>}
          </div>
        </div>
        {facts.length > 0 && (
          <div className="history-sum">
            <span>
              {facts.length} events in {spanOf((facts.at(-1)?.at ?? 0) - first)}
            </span>
            <button type="button" onClick={() => onPlay(facts)}>
              ▶ Play it on the map
            </button>
          </div>
        )}
      </header>
      {failure && <p role="alert">{failure}</p>}
      {told && lines.length === 0 && <p className="empty">Nothing is known of it any more.</p>}
      <ol className="story">
        {lines.map((line, index) => {
          const before = lines[index - 1];
          const gap = before ? line.at - before.at : 0;
          if ("letter" in line) {
            return (
              <li key={line.letter.id} className="story-dead">
                <Letter letter={line.letter} />
              </li>
            );
          }
          const { fact } = line;
          const another =
            fact.correlationId !== undefined &&
            fact.correlationId !== lastStory(lines.slice(0, index));
          return (
            <li key={fact.key}>
              {another && isImage && (
                <button
                  type="button"
                  className="story-id link"
                  title="Everything with this correlation id"
                  onClick={() => fact.correlationId && onOpen(fact.correlationId)}
                >
                  correlation id {shortId(fact.correlationId ?? "")}
                </button>
              )}
              <div className="story-line">
                <span className={`dot ${colourOf(fact, services)}`} />
                <div>
                  <p className="story-title">
                    <b className={fact.status === "rejected" ? "bad" : undefined}>{fact.type}</b>
                    {fact.version !== undefined && <i className="tag">v{fact.version}</i>}
                    {fact.replay && <i className="tag">replayed</i>}
                  </p>
                  <p className="row-sub">
                    {fact.source} → {hearersOf(fact, services) || "nobody"}
                    {fact.status === "rejected" && fact.reason && `: ${fact.reason}`}
                  </p>
                </div>
                <div className="story-times">
                  <b>+{spanOf(line.at - first)}</b>
                  <span className="row-sub">
                    {index === 0 ? timeOf(line.at) : `${spanOf(gap)} later`}
                  </span>
                </div>
              </div>
              <Payload text={JSON.stringify(fact.detail)} />
            </li>
          );
        })}
      </ol>
    </section>
  );
}

type Line = { at: number } & ({ fact: Fact } | { letter: WireLetter });

function linesOf(facts: Fact[], letters: WireLetter[]): Line[] {
  return [
    ...facts.map((fact): Line => ({ at: fact.at, fact })),
    ...letters.map((letter): Line => ({ at: Date.parse(letter.at), letter })),
  ].sort((a, b) => a.at - b.at);
}

function lastStory(lines: Line[]): string | undefined {
  const last = lines.findLast((line) => "fact" in line && line.fact.correlationId !== undefined);
  return last && "fact" in last ? last.fact.correlationId : undefined;
}
