import { useRef, useState } from "react";
import type { Photo } from "../library/photo.ts";
import { useEdits } from "../library/use-edits.ts";
import { photos as counted } from "../shell/amounts.ts";
import { Icon } from "../shell/icon.tsx";
import { IconButton } from "../shell/icon-button.tsx";
import { TagField } from "../shell/tag-field.tsx";
import { toast } from "../shell/toasts.ts";
import { useShortcuts } from "../shell/use-shortcuts.ts";

/** What can be done with the selected pictures, in place of the bar at the top. */
export function SelectionBar({
  photos,
  onDone,
  onAll,
}: {
  photos: Photo[];
  onDone: () => void;
  onAll: () => void;
}) {
  const { remove } = useEdits();
  const dialog = useRef<HTMLDialogElement>(null);
  const erase = () => {
    remove(photos);
    onDone();
  };
  useShortcuts({ Delete: erase });
  return (
    <header className="bar selection-bar">
      <IconButton icon="close" label="Select nothing" onClick={onDone} />
      <strong role="status">{counted(photos.length)} selected</strong>
      <button type="button" className="text-button" onClick={onAll}>
        All
      </button>
      <span className="space" />
      <button type="button" className="button" onClick={() => dialog.current?.showModal()}>
        <Icon name="tag" /> <span>Tags</span>
      </button>
      <button type="button" className="button" onClick={erase}>
        <Icon name="trash" /> <span>Delete</span>
      </button>
      <TagDialog photos={photos} dialog={dialog} />
    </header>
  );
}

function TagDialog({
  photos,
  dialog,
}: {
  photos: Photo[];
  dialog: React.RefObject<HTMLDialogElement | null>;
}) {
  const { retag } = useEdits();
  const [tags, setTags] = useState<string[]>([]);
  const [away, setAway] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const counts = new Map<string, number>();
  for (const tag of photos.flatMap((photo) => photo.tags)) {
    counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  const present = [...counts].sort(([, a], [, b]) => b - a);
  const close = () => {
    setTags([]);
    setAway([]);
    dialog.current?.close();
  };
  const save = async () => {
    setBusy(true);
    const added = tags.length > 0 ? await retag(photos, "addTags", tags) : photos.length;
    const removed = away.length > 0 ? await retag(photos, "removeTags", away) : photos.length;
    setBusy(false);
    toast({ text: `Tags of ${counted(Math.min(added, removed))} changed` });
    close();
  };
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="tag-dialog" onClose={close}>
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <h2 id="tag-dialog">Tags of {counted(photos.length)}</h2>
        <TagField tags={tags} onChange={setTags} label="Add tags" />
        {present.length > 0 && (
          <fieldset className="present-tags">
            <legend>Take away</legend>
            {present.map(([tag, count]) => (
              <label key={tag} className={`chip ${away.includes(tag) ? "away" : ""}`}>
                <input
                  type="checkbox"
                  className="unseen"
                  checked={away.includes(tag)}
                  onChange={() =>
                    setAway(away.includes(tag) ? away.filter((one) => one !== tag) : [...away, tag])
                  }
                />
                {tag} <small>{count}</small>
              </label>
            ))}
          </fieldset>
        )}
        <footer>
          <button type="button" className="button plain" onClick={close}>
            Cancel
          </button>
          <button
            type="submit"
            className="button primary"
            disabled={busy || (tags.length === 0 && away.length === 0)}
          >
            {busy ? "Saving…" : "Save"}
          </button>
        </footer>
      </form>
    </dialog>
  );
}
