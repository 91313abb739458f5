/** An instant as a `datetime-local` field has it, in this browser's zone; empty for none. */
export function localValue(instant: string | undefined): string {
  if (instant === undefined) return "";
  const date = new Date(instant);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${String(date.getFullYear()).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** The instant of such a field; null for an empty one: then the camera's own counts. */
export function toInstant(value: string): string | null {
  if (value === "") return null;
  return new Date(value).toISOString();
}
