import { Link } from "wouter";
import { useGallery } from "../session/gallery-context.tsx";
import { Icon } from "../shell/icon.tsx";
import { Logo } from "../shell/logo.tsx";
import { Comparison } from "./comparison.tsx";
import { IndexState } from "./index-state.tsx";
import { RebuildList } from "./rebuild-list.tsx";
import { StartRebuild } from "./start-rebuild.tsx";

/** The search index for those who run a Shoebox: what it is, building it anew, comparing it. */
export function RebuildsPage() {
  const { session } = useGallery();
  return (
    <div className="page admin">
      <header className="bar">
        <Link href="/" className="brand" aria-label="Shoebox: all photos">
          <Logo />
          <span>Shoebox</span>
        </Link>
        <span className="space" />
        <Link href="/" className="button">
          <Icon name="back" /> <span>Photos</span>
        </Link>
      </header>
      <main>
        <h1>Search index</h1>
        {session.admin ? (
          <>
            <p className="lead">
              Searching goes on while the index is built anew: the new one is used once it is proven
              to hold what the catalog holds, and the old one is kept to go back to.
            </p>
            <IndexState />
            <StartRebuild />
            <RebuildList />
            <Comparison />
          </>
        ) : (
          <p className="lead" role="alert">
            This page is for administrators. Sign in as one to see it.
          </p>
        )}
      </main>
    </div>
  );
}
