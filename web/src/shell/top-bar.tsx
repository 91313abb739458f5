import { Link } from "wouter";
import type { View } from "../library/view.ts";
import { SearchBox } from "../search/search-box.tsx";
import { UploadButton } from "../upload/upload-button.tsx";
import { AccountMenu } from "./account-menu.tsx";
import { Logo } from "./logo.tsx";

/** The bar at the top: the name, the search, the way in for pictures, and who one is. */
export function TopBar({
  view,
  onView,
  onFiles,
  onSignOut,
}: {
  view: View;
  onView: (view: View, replace: boolean) => void;
  onFiles: (files: File[]) => void;
  onSignOut: () => void;
}) {
  return (
    <header className="bar">
      <Link href="/" className="brand" aria-label="Shoebox: all photos">
        <Logo />
        <span>Shoebox</span>
      </Link>
      <SearchBox view={view} onChange={onView} />
      <UploadButton onFiles={onFiles} className="primary upload-button" label="Upload" />
      <AccountMenu onSignOut={onSignOut} />
    </header>
  );
}
