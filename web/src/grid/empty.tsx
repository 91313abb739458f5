import { Logo } from "../shell/logo.tsx";
import { UploadButton } from "../upload/upload-button.tsx";

/** A library without pictures, or a search that has found none. */
export function Empty({
  whole,
  onFiles,
  onAll,
}: {
  whole: boolean;
  onFiles: (files: File[]) => void;
  onAll: () => void;
}) {
  if (!whole) {
    return (
      <div className="empty">
        <p className="empty-title">Nothing like that in the box</p>
        <p>Try other words, fewer tags, or another month.</p>
        <button type="button" className="button" onClick={onAll}>
          Show all photos
        </button>
      </div>
    );
  }
  return (
    <div className="empty">
      <Logo size={112} />
      <p className="empty-title">Your shoebox is empty</p>
      <p>Drop photos or whole folders anywhere on this page, paste one, or choose some.</p>
      <UploadButton onFiles={onFiles} className="primary" label="Choose photos" />
    </div>
  );
}
