/** Strokes on a field of 24 by 24. */
const paths = {
  add: "M12 5v14M5 12h14",
  alert: "M12 8v5M12 16.5v.01M12 3 2.5 20h19L12 3z",
  back: "M19 12H5m6-6-6 6 6 6",
  box: "M4 10h16v9a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 19zM3 6.5h18V10H3zM10 14h4",
  calendar: "M5 6h14v14H5zM5 10h14M9 3.5V7m6-3.5V7",
  camera: "M4 8h4l1.5-2.5h5L16 8h4v11H4zM12 16.5a3.3 3.3 0 1 0 0-6.6 3.3 3.3 0 0 0 0 6.6z",
  check: "m5 12.5 4.5 4.5L19 7.5",
  chevronDown: "m6 9 6 6 6-6",
  chevronUp: "m6 15 6-6 6 6",
  close: "M6 6l12 12M18 6 6 18",
  cloudOff:
    "M3 3l18 18M8.5 6.5A6 6 0 0 1 17.7 10 4.5 4.5 0 0 1 20 17.5M15.5 18.5H7a4.5 4.5 0 0 1-1.2-8.8",
  download: "M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 19.5h14",
  globe:
    "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM3.5 12h17M12 3.5c2.5 2.4 3.7 5.2 3.7 8.5s-1.2 6.1-3.7 8.5c-2.5-2.4-3.7-5.2-3.7-8.5s1.2-6.1 3.7-8.5z",
  info: "M12 11v5.5M12 7.5v.01M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  moon: "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z",
  next: "m9.5 5 7 7-7 7",
  pause: "M8.5 6v12M15.5 6v12",
  pin: "M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11zM12 12.3a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6z",
  play: "M8 5.5v13l10.5-6.5z",
  previous: "m14.5 5-7 7 7 7",
  refresh: "M19.5 12a7.5 7.5 0 1 1-2.3-5.4M19.5 3.5v4h-4",
  search: "M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15 15l5 5",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  tag: "M4 4.5h7.5l8.5 8.5-7 7L4.5 11.5zM8.2 8.7v.01",
  trash: "M5 7h14M9.5 7V4.5h5V7M7 7l1 13h8l1-13M10.5 11v5.5M13.5 11v5.5",
  upload: "M12 15.5v-11M7.5 9 12 4.5 16.5 9M5 19.5h14",
  user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.8-4 3.6-6 7.5-6s6.7 2 7.5 6",
} as const;

export type IconName = keyof typeof paths;

/** A small picture beside words, or inside of a button that has a name of its own. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
