import { createClient } from "@shoebox/client";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useMemo } from "react";
import { Route, Switch } from "wouter";
import { GalleryPage } from "./gallery.tsx";
import { Waiting } from "./grid/waiting.tsx";
import { putPhoto } from "./library/cache.ts";
import { forgetSearches } from "./library/use-photos.ts";
import { Gallery } from "./session/gallery-context.tsx";
import type { Session } from "./session/session.ts";
import { Help } from "./shell/help.tsx";
import { Icon } from "./shell/icon.tsx";
import { ToastList } from "./shell/toast-list.tsx";
import { useOnline } from "./shell/use-online.ts";
import { DropZone } from "./upload/drop-zone.tsx";
import { UploadTray } from "./upload/tray.tsx";
import { Uploads } from "./upload/uploads.ts";

const Rebuilds = lazy(() =>
  import("./admin/rebuilds-page.tsx").then(({ RebuildsPage }) => ({ default: RebuildsPage })),
);

/** Everything that one sees when one is signed in. */
export function SignedIn({
  session,
  api,
  local,
  onSignOut,
}: {
  session: Session;
  api: string;
  /** Whether it is the local system, which has more pages than the gallery. */
  local: boolean;
  onSignOut: () => void;
}) {
  const online = useOnline();
  const { queries, client, uploads } = useMemo(() => partsOf(session, api), [session, api]);
  const gallery = useMemo(() => ({ client, session, local }), [client, session, local]);
  const galleryPage = (imageId: string | undefined) => (
    <GalleryPage imageId={imageId} uploads={uploads} onSignOut={onSignOut} />
  );
  return (
    <Gallery value={gallery}>
      <QueryClientProvider client={queries}>
        {!online && (
          <p className="offline" role="status">
            <Icon name="cloudOff" size={18} /> You are offline. What you see may be old; uploads go
            on when you are back.
          </p>
        )}
        <Switch>
          <Route path="/admin/rebuilds">
            <Suspense fallback={<Waiting />}>
              <Rebuilds />
            </Suspense>
          </Route>
          <Route path={/^\/(?:photos\/(?<imageId>[^/]+))?$/}>
            {({ imageId }: { imageId?: string }) => galleryPage(imageId)}
          </Route>
          <Route>{galleryPage(undefined)}</Route>
        </Switch>
        <UploadTray uploads={uploads} />
        <DropZone onFiles={(files) => void uploads.add(files)} />
        <Help />
        <ToastList />
      </QueryClientProvider>
    </Gallery>
  );
}

/** A request that nobody answers is given up, and tried again, instead of being waited for without end. */
function patiently(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  // What is asked to wait does so for up to 25 s.
  const patience = request.url.includes("wait=") ? 40_000 : 12_000;
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(patience)]);
  return fetch(request, { signal });
}

/** What lives as long as the user is signed in. */
function partsOf(session: Session, api: string) {
  const { userId } = session;
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        // The client has tried five times already; what it gives up on is shown, with a button.
        retry: false,
        refetchOnWindowFocus: false,
        gcTime: 600_000,
        networkMode: "always",
      },
    },
  });
  const client = createClient({
    url: api,
    token: () => session.token(),
    retry: { attempts: 4 },
    fetch: patiently,
  });
  const uploads = new Uploads({
    client,
    onSent: () => {
      void queries.invalidateQueries({ queryKey: [userId, "head"] });
      void queries.invalidateQueries({ queryKey: [userId, "quota"] });
    },
    onPhoto: (photo) => {
      putPhoto(queries, userId, photo);
      void queries.invalidateQueries({ queryKey: [userId, "head"] });
      forgetSearches(queries, userId);
    },
  });
  return { queries, client, uploads };
}
