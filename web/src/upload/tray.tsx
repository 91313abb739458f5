import { useEffect, useState, useSyncExternalStore } from "react";
import { bytes } from "../shell/amounts.ts";
import { Icon } from "../shell/icon.tsx";
import { IconButton } from "../shell/icon-button.tsx";
import { TagField } from "../shell/tag-field.tsx";
import { isActive, progressOf, summaryOf, type UploadItem } from "./item.ts";
import type { Uploads } from "./uploads.ts";

const states: Record<UploadItem["state"], string> = {
  waiting: "Waiting",
  sending: "",
  paused: "Paused",
  checking: "Processing…",
  done: "Uploaded",
  rejected: "",
  failed: "",
};

/** The files on their way, in a corner of the page. */
export function UploadTray({ uploads }: { uploads: Uploads }) {
  const items = useSyncExternalStore(uploads.subscribe, uploads.items);
  const tags = useSyncExternalStore(uploads.subscribe, uploads.tags);
  const [open, setOpen] = useState(true);
  const active = items.some(isActive);
  const pausable = items.some(({ state }) => state === "sending");
  const paused = items.some(({ state }) => state === "paused");
  const failed = items.filter(({ state }) => state === "failed").length;

  useEffect(() => {
    if (!active) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [active]);

  if (items.length === 0) return null;
  const summary = summaryOf(items);
  return (
    <section className="tray" aria-label="Uploads">
      <header>
        <div className="tray-summary">
          <h2 role="status">{summary}</h2>
          <progress max={1} value={progressOf(items)} aria-label="All uploads" hidden={!active} />
        </div>
        {pausable && (
          <IconButton icon="pause" label="Pause all" onClick={() => void uploads.pauseAll()} />
        )}
        {!pausable && paused && (
          <IconButton icon="play" label="Resume all" onClick={() => void uploads.resumeAll()} />
        )}
        {failed > 1 && (
          <IconButton icon="refresh" label="Retry all" onClick={() => uploads.retryAll()} />
        )}
        <IconButton
          icon={open ? "chevronDown" : "chevronUp"}
          label={open ? "Show less" : "Show the uploads"}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        />
        {!active && <IconButton icon="close" label="Close" onClick={() => uploads.clear()} />}
      </header>
      {open && (
        <>
          <div className="tray-tags">
            <TagField
              tags={tags}
              label="Tag these photos"
              onChange={(next) => uploads.tagAll(next)}
            />
          </div>
          <ul>
            {items.map((item) => (
              <Row key={item.id} item={item} uploads={uploads} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Row({ item, uploads }: { item: UploadItem; uploads: Uploads }) {
  const { id, name, size, sent, state, reason, preview, caption } = item;
  const moving = state === "sending" || state === "paused" || state === "waiting";
  return (
    <li className={`upload ${state}`}>
      <span className="upload-preview">
        {preview ? (
          <img src={preview} alt="" decoding="async" loading="lazy" />
        ) : (
          <Icon name={state === "rejected" ? "alert" : "box"} />
        )}
      </span>
      <div className="upload-about">
        <p className="upload-name" title={name}>
          {name}
        </p>
        {reason ? (
          <p className="upload-reason">{reason}</p>
        ) : (
          <p className="upload-state">
            {state === "sending"
              ? `${bytes(sent)} of ${bytes(size)}`
              : `${states[state]} · ${bytes(size)}`}
          </p>
        )}
        {moving && (
          <progress max={size || 1} value={Math.min(sent, size)} aria-label={`Upload of ${name}`} />
        )}
        {state !== "rejected" && (
          <input
            type="text"
            className="upload-caption"
            maxLength={2_000}
            placeholder="Add a caption"
            aria-label={`Caption of ${name}`}
            value={caption}
            onChange={({ target }) => uploads.caption(id, target.value)}
          />
        )}
      </div>
      <div className="upload-actions">
        {(state === "sending" || state === "paused") && (
          <IconButton
            icon={state === "paused" ? "play" : "pause"}
            label={`${state === "paused" ? "Resume" : "Pause"} ${name}`}
            onClick={() => void uploads.pauseOrResume(id)}
          />
        )}
        {state === "failed" && (
          <IconButton
            icon="refresh"
            label={`Retry ${name}`}
            onClick={() => void uploads.retry(id)}
          />
        )}
        {state === "done" ? (
          <span className="upload-done">
            <Icon name="check" />
          </span>
        ) : (
          state !== "checking" && (
            <IconButton
              icon="close"
              label={moving ? `Cancel ${name}` : `Remove ${name}`}
              onClick={() => void uploads.cancel(id)}
            />
          )
        )}
      </div>
    </li>
  );
}
