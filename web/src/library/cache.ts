import type { QueryClient } from "@tanstack/react-query";
import { type PhotoPage, type PhotoPages, withHead, withoutPhotos, withPhoto } from "./pages.ts";
import type { Photo } from "./photo.ts";
import { listKey } from "./use-photos.ts";
import type { View } from "./view.ts";

/** Shows a picture as it is now, wherever it is shown; an older version than what is shown changes nothing. */
export function putPhoto(queries: QueryClient, userId: string, photo: Photo): void {
  queries.setQueryData<Photo>([userId, "photo", photo.imageId], (before) =>
    before && before.version > photo.version ? before : photo,
  );
  queries.setQueriesData<PhotoPages>(
    { queryKey: listKey(userId) },
    (list) => list && withPhoto(list, photo),
  );
}

/** Shows some pictures nowhere any more. */
export function dropPhotos(queries: QueryClient, userId: string, gone: ReadonlySet<string>): void {
  for (const imageId of gone) queries.removeQueries({ queryKey: [userId, "photo", imageId] });
  queries.setQueriesData<PhotoPages>(
    { queryKey: listKey(userId) },
    (list) => list && withoutPhotos(list, gone),
  );
}

/** Puts what is newest in front of a list. */
export function putHead(queries: QueryClient, userId: string, view: View, head: PhotoPage): void {
  queries.setQueryData<PhotoPages>(listKey(userId, view), (list) => list && withHead(list, head));
}
