import { type ChangeEvent, useRef } from "react";
import { Icon } from "../shell/icon.tsx";
import { ACCEPTED } from "./acceptable.ts";

/** Opens the browser's own choice of files. */
export function UploadButton({
  onFiles,
  className,
  label,
}: {
  onFiles: (files: File[]) => void;
  className: string;
  label: string;
}) {
  const input = useRef<HTMLInputElement>(null);
  const change = ({ target }: ChangeEvent<HTMLInputElement>) => {
    const files = [...(target.files ?? [])];
    // The same files may be chosen again.
    target.value = "";
    if (files.length > 0) onFiles(files);
  };
  return (
    <>
      <button
        type="button"
        className={`button ${className}`}
        onClick={() => input.current?.click()}
      >
        <Icon name="upload" /> <span>{label}</span>
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={ACCEPTED.join(",")}
        onChange={change}
      />
    </>
  );
}
