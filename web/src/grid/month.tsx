import type { Photo } from "../library/photo.ts";

const name = new Intl.DateTimeFormat(undefined, { month: "long", timeZone: "UTC" });

/** The month of upload, in UTC as searches count it: `2026-11`. */
export function monthOf({ uploadedAt }: Pick<Photo, "uploadedAt">): string {
  return uploadedAt.slice(0, 7);
}

/** A month in words: `November 2026`. */
export function monthName(month: string): string {
  return `${name.format(new Date(`${month}-01`))} ${month.slice(0, 4)}`;
}

export function MonthHeading({ month }: { month: string }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table can't be virtualised and justified.
    // biome-ignore lint/a11y/useFocusableInteractive: nothing is to be done with it.
    <div role="gridcell" className="month">
      <h2>
        {name.format(new Date(`${month}-01`))} <span>{month.slice(0, 4)}</span>
      </h2>
    </div>
  );
}
