import type { Image } from "@shoebox/client";
import { useEffect, useRef, useState } from "react";
import type { Photo } from "../library/photo.ts";
import { useEdits } from "../library/use-edits.ts";
import { bytes } from "../shell/amounts.ts";
import { Icon, type IconName } from "../shell/icon.tsx";
import { TagField } from "../shell/tag-field.tsx";
import { localValue, toInstant } from "./local-time.ts";

const instant = new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeStyle: "short" });

/** What is known of a picture, and what its owner may change. */
export function Panel({ photo, mine }: { photo: Photo; mine: boolean }) {
  const exif: NonNullable<Image["exif"]> = photo.exif ?? {};
  const camera = [exif.cameraMake, exif.cameraModel].filter(Boolean).join(" ");
  const { gps } = exif;
  const settings = [
    exif.focalLength !== undefined && `${exif.focalLength} mm`,
    exif.fNumber !== undefined && `ƒ/${exif.fNumber}`,
    exif.exposureTime !== undefined && `${exif.exposureTime} s`,
    exif.iso !== undefined && `ISO ${exif.iso}`,
  ].filter(Boolean);
  return (
    <div className="panel-content">
      {mine ? <Editing key={photo.imageId} photo={photo} /> : <Reading photo={photo} />}
      <dl className="facts">
        {photo.takenAt && (
          <Fact icon="calendar" name="Taken">
            {instant.format(new Date(photo.takenAt))}
          </Fact>
        )}
        <Fact icon="upload" name="Uploaded">
          {instant.format(new Date(photo.uploadedAt))}
        </Fact>
        {(camera || settings.length > 0) && (
          <Fact icon="camera" name="Camera">
            {camera || "Unknown camera"}
            {exif.lens && <small>{exif.lens}</small>}
            {settings.length > 0 && <small>{settings.join(" · ")}</small>}
          </Fact>
        )}
        <Fact icon="box" name="File">
          {photo.fileName ?? "Without a name"}
          <small>
            {[
              photo.width && photo.height && `${photo.width} × ${photo.height}`,
              bytes(photo.size),
              photo.contentType.replace("image/", "").toUpperCase(),
            ]
              .filter(Boolean)
              .join(" · ")}
          </small>
        </Fact>
        {gps && (
          <Fact icon="pin" name="Place">
            <a
              href={`https://www.openstreetmap.org/?mlat=${gps.latitude}&mlon=${gps.longitude}#map=14/${gps.latitude}/${gps.longitude}`}
              target="_blank"
              rel="noreferrer"
            >
              {gps.latitude.toFixed(5)}, {gps.longitude.toFixed(5)}
            </a>
            <small>Only you see where it was taken.</small>
          </Fact>
        )}
      </dl>
    </div>
  );
}

function Fact({
  icon,
  name,
  children,
}: {
  icon: IconName;
  name: string;
  children: React.ReactNode;
}) {
  return (
    <div className="fact">
      <dt>
        <Icon name={icon} />
        <span>{name}</span>
      </dt>
      <dd>{children}</dd>
    </div>
  );
}

function Reading({ photo }: { photo: Photo }) {
  return (
    <>
      {photo.caption && <p className="caption">{photo.caption}</p>}
      {photo.tags.length > 0 && (
        <ul className="chips" aria-label="Tags">
          {photo.tags.map((tag) => (
            <li key={tag} className="chip">
              {tag}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Fields that save themselves when one leaves them. */
function Editing({ photo }: { photo: Photo }) {
  const { edit } = useEdits();
  const [caption, setCaption] = useState(photo.caption ?? "");
  const [taken, setTaken] = useState(localValue(photo.takenAt));
  const [tags, setTags] = useState(photo.tags);
  const [saved, setSaved] = useState(false);
  const saving = useRef({ last: Promise.resolve(), left: 0 });
  useEffect(() => setCaption(photo.caption ?? ""), [photo.caption]);
  useEffect(() => setTaken(localValue(photo.takenAt)), [photo.takenAt]);
  useEffect(() => {
    // While something is being saved, what is shown is newer than what is known.
    if (saving.current.left === 0) setTags(photo.tags);
  }, [photo.tags]);

  /** One after the other: who adds a tag and takes another one away meant both. */
  const save = (change: Parameters<typeof edit>[1]) => {
    setSaved(false);
    const queue = saving.current;
    queue.left += 1;
    const answer = queue.last.then(() => edit(photo, change));
    queue.last = answer.then((now) => {
      queue.left -= 1;
      if (queue.left > 0) return;
      setSaved(now !== undefined);
      setTags(now?.tags ?? photo.tags);
    });
    return answer;
  };
  const saveCaption = async () => {
    if (caption.trim() === (photo.caption ?? "")) return;
    if (!(await save({ caption: caption.trim() || null }))) setCaption(photo.caption ?? "");
  };
  const saveTaken = async () => {
    if (taken === localValue(photo.takenAt)) return;
    if (!(await save({ takenAt: toInstant(taken) }))) setTaken(localValue(photo.takenAt));
  };
  return (
    <div className="editing">
      <label className="field">
        <span>Caption</span>
        <textarea
          rows={2}
          maxLength={2_000}
          value={caption}
          placeholder="What is to be seen?"
          onChange={({ target }) => setCaption(target.value)}
          onBlur={() => void saveCaption()}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.shiftKey) {
              event.preventDefault();
              event.currentTarget.blur();
            }
          }}
        />
      </label>
      <div className="field">
        <span>Tags</span>
        <TagField
          tags={tags}
          onChange={(next) => {
            setTags(next);
            void save({ tags: next });
          }}
        />
      </div>
      <label className="field">
        <span>Taken</span>
        <input
          type="datetime-local"
          step={1}
          value={taken}
          onChange={({ target }) => setTaken(target.value)}
          onBlur={() => void saveTaken()}
        />
      </label>
      <fieldset className="segments">
        <legend>Who may see it</legend>
        {(["private", "public"] as const).map((visibility) => (
          <label key={visibility}>
            <input
              type="radio"
              name="visibility"
              checked={photo.visibility === visibility}
              onChange={() => void save({ visibility })}
            />
            <span>
              <Icon name={visibility === "private" ? "lock" : "globe"} size={16} />
              {visibility === "private" ? "Only me" : "Everybody"}
            </span>
          </label>
        ))}
      </fieldset>
      <p className="saved" role="status">
        {saved && (
          <>
            <Icon name="check" size={16} /> Saved
          </>
        )}
      </p>
    </div>
  );
}
