import { useState } from "react";
import { deletePicture, editPicture, sendBroken, sendPicture } from "./demo.ts";
import { shortId } from "./words.ts";

/** So that one sees something at once: the four things that can happen to a picture. */
export function DemoBar({ onOpen }: { onOpen(id: string): void }) {
  const [last, setLast] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState("");

  const act = async (work: () => Promise<string>) => {
    setBusy(true);
    try {
      setSaid(await work());
    } catch (error) {
      setSaid(error instanceof Error ? error.message : String(error));
    }
    setBusy(false);
  };
  const send = (how: () => Promise<string>, what: string) =>
    act(async () => {
      const imageId = await how();
      setLast(imageId);
      return what;
    });
  const withLast = (how: (imageId: string) => Promise<void>, what: string, forget = false) =>
    act(async () => {
      if (last) await how(last);
      if (forget) setLast(undefined);
      return what;
    });
  return (
    <div className="demo">
      <button
        type="button"
        className="primary"
        disabled={busy}
        onClick={() => send(sendPicture, "Sent: the dots are its events.")}
      >
        Send a picture through
      </button>
      <button type="button" disabled={busy} onClick={() => send(sendBroken, "Sent a broken one.")}>
        A broken one
      </button>
      <button
        type="button"
        disabled={busy || !last}
        onClick={() => withLast(editPicture, "Gave it another caption.")}
      >
        Edit it
      </button>
      <button
        type="button"
        disabled={busy || !last}
        onClick={() => withLast(deletePicture, "Deleted: it leaves no trace.", true)}
      >
        Delete it
      </button>
      <p className="demo-said" role="status">
        {said}{" "}
        {last && (
          <button type="button" className="link" onClick={() => onOpen(last)}>
            History of {shortId(last)}
          </button>
        )}
      </p>
    </div>
  );
}
