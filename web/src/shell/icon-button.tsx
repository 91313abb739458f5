import type { ButtonHTMLAttributes } from "react";
import { Icon, type IconName } from "./icon.tsx";

/** A round button with a picture; its name is read, and shown to who points at it. */
export function IconButton({
  icon,
  label,
  className = "",
  ...rest
}: { icon: IconName; label: string } & ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button
      type="button"
      className={`icon-button ${className}`}
      aria-label={label}
      title={label}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  );
}
