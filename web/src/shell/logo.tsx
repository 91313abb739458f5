/** The box, with a photo that looks out of it. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg className="logo" viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
      <path className="logo-photo" d="M8 3.5h16a1 1 0 0 1 1 1V13H7V4.5a1 1 0 0 1 1-1z" />
      <path className="logo-sky" d="M9.5 6h13v7h-13z" />
      <path
        className="logo-hill"
        d="M9.5 13v-1.5l3.800-3.300 3.200 2.600 2.200-1.600 3.800 3.300V13z"
      />
      <path
        className="logo-box"
        d="M4.5 14h23l-1.300 12.200A2 2 0 0 1 24.200 28H7.800a2 2 0 0 1-2-1.800z"
      />
      <path
        className="logo-lid"
        d="M3 11.5h26a1 1 0 0 1 1 1V16a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1v-3.5a1 1 0 0 1 1-1z"
      />
      <path
        className="logo-label"
        d="M12.5 20h7a1 1 0 0 1 1 1v1.5a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1V21a1 1 0 0 1 1-1z"
      />
    </svg>
  );
}
