import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { Link } from "wouter";
import { useGallery } from "../session/gallery-context.tsx";
import { bytes } from "./amounts.ts";
import { Icon } from "./icon.tsx";
import { type Theme, useTheme } from "./theme.ts";

const themes: { value: Theme; label: string }[] = [
  { value: "auto", label: "Auto" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

/** Who is signed in, how much of the quota is used, colours, and the way out. */
export function AccountMenu({ onSignOut }: { onSignOut: () => void }) {
  const { session, local } = useGallery();
  const id = useId();
  const [theme, setTheme] = useTheme();
  return (
    <div className="account">
      <button
        type="button"
        className="avatar"
        popoverTarget={id}
        aria-label={`Account of ${session.name}`}
      >
        {session.name.slice(0, 1).toUpperCase()}
      </button>
      <div id={id} popover="auto" className="menu account-menu">
        <p className="menu-name">
          <strong>{session.name}</strong>
          {session.admin && <span className="badge">Admin</span>}
        </p>
        <QuotaBar />
        <fieldset className="segments">
          <legend>Colours</legend>
          {themes.map(({ value, label }) => (
            <label key={value}>
              <input
                type="radio"
                name="theme"
                checked={theme === value}
                onChange={() => setTheme(value)}
              />
              <span>{label}</span>
            </label>
          ))}
        </fieldset>
        {session.admin && (
          <Link href="/admin/rebuilds" className="menu-item">
            <Icon name="refresh" /> Search index
          </Link>
        )}
        {local && (
          <a href="/docs" className="menu-item">
            <Icon name="info" /> API documentation
          </a>
        )}
        <button type="button" className="menu-item" onClick={onSignOut}>
          <Icon name="user" /> {local ? "Switch user" : "Sign out"}
        </button>
      </div>
    </div>
  );
}

function QuotaBar() {
  const { client, session } = useGallery();
  const { data } = useQuery({
    queryKey: [session.userId, "quota"],
    queryFn: async ({ signal }) => {
      const { data } = await client.api.GET("/v1/uploads/quota", { signal });
      return data ?? null;
    },
    staleTime: 10_000,
  });
  if (!data) return <p className="quota skeleton" aria-hidden="true" />;
  const { bytes: space, images } = data;
  return (
    <div className="quota">
      <meter
        min={0}
        max={space.limit}
        value={space.used}
        aria-label={`${bytes(space.used)} of ${bytes(space.limit)} used`}
      />
      <p>
        {bytes(space.used)} of {bytes(space.limit)} · {images.used.toLocaleString()}{" "}
        {images.used === 1 ? "photo" : "photos"}
      </p>
    </div>
  );
}
