import { type ImageChange, ShoeboxError } from "@shoebox/client";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useGallery } from "../session/gallery-context.tsx";
import { toast } from "../shell/toasts.ts";
import { dropPhotos, putPhoto } from "./cache.ts";
import { discard } from "./discarded.ts";
import type { Photo } from "./photo.ts";
import { forgetSearches, recentChanges } from "./use-photos.ts";

/** Images in one request. */
const BATCH = 100;
/** Pictures of a batch whose versions a search is asked to wait for. */
const AWAITED = 3;

/** What can be done to pictures. Everything is shown at once, and told when it did not work. */
export function useEdits() {
  const { client, session } = useGallery();
  const { userId } = session;
  const queries = useQueryClient();

  return useMemo(() => {
    /** Changes one picture; resolves with it as it is then, or undefined when that did not work. */
    const edit = async (photo: Photo, change: ImageChange): Promise<Photo | undefined> => {
      try {
        const params = { path: { imageId: photo.imageId } };
        const answer = await client.api.PATCH("/v1/images/{imageId}", { params, body: change });
        recentChanges.add(answer.response.headers.get("Version-Token"));
        if (!answer.data) return undefined;
        putPhoto(queries, userId, answer.data);
        forgetSearches(queries, userId);
        return answer.data;
      } catch (error) {
        toast({ text: `Not saved: ${sentenceOf(error)}`, kind: "problem" });
        return undefined;
      }
    };

    /** Adds tags to pictures, or takes them away; resolves with how many that worked for. */
    const retag = async (
      photos: Photo[],
      action: "addTags" | "removeTags",
      tags: string[],
    ): Promise<number> => {
      let done = 0;
      try {
        for (const part of partsOf(photos)) {
          const imageIds = part.map(({ imageId }) => imageId);
          const { data } = await client.api.POST("/v1/images/batch", {
            body: { imageIds, action, tags },
          });
          const byId = new Map(part.map((photo) => [photo.imageId, photo]));
          for (const result of data?.results ?? []) {
            const photo = byId.get(result.imageId);
            if (!photo || result.status !== 200) continue;
            done += 1;
            const { tags: now, version } = result as unknown as { tags: string[]; version: number };
            putPhoto(queries, userId, { ...photo, tags: now, version });
          }
        }
        await rememberVersions(photos.slice(-AWAITED));
      } catch (error) {
        toast({ text: `Not all are tagged: ${sentenceOf(error)}`, kind: "problem" });
      }
      forgetSearches(queries, userId);
      return done;
    };

    /** The results of a batch have no tokens; the pictures themselves have. */
    const rememberVersions = (photos: Photo[]) =>
      Promise.all(
        photos.map(async ({ imageId }) => {
          const params = { path: { imageId } };
          const { response } = await client.api.GET("/v1/images/{imageId}", { params });
          recentChanges.add(response.headers.get("Version-Token"));
        }),
      );

    /** Deletes pictures, after a few seconds in which it can be taken back. */
    const remove = (photos: Photo[]): void => {
      const imageIds = photos.map(({ imageId }) => imageId);
      discard(imageIds, async ({ leaving }) => {
        for (const part of partsOf(imageIds)) {
          if (leaving) {
            await deleteWhileLeaving(part);
            continue;
          }
          const { data } = await client.api.POST("/v1/images/batch", {
            body: { imageIds: part, action: "delete" },
          });
          const gone = (data?.results ?? []).filter(
            ({ status }) => status === 204 || status === 404,
          );
          dropPhotos(queries, userId, new Set(gone.map(({ imageId }) => imageId)));
        }
        forgetSearches(queries, userId);
      });
    };

    /** A page that is being closed can send something small, and not wait for what becomes of it. */
    const deleteWhileLeaving = async (imageIds: string[]) => {
      const token = await session.token();
      await fetch(`${client.url}/v1/images/batch`, {
        method: "POST",
        keepalive: true,
        headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
        body: JSON.stringify({ imageIds, action: "delete" }),
      });
    };

    return { edit, retag, remove };
  }, [client, session, userId, queries]);
}

function partsOf<T>(all: T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / BATCH) }, (_, part) =>
    all.slice(part * BATCH, (part + 1) * BATCH),
  );
}

/** What went wrong, in words for people. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ShoeboxError) {
    const [field] = error.errors;
    if (error.status === 0) return "there is no connection.";
    return field ? `${field.field} ${field.message}.` : error.detail;
  }
  return error instanceof Error ? error.message : String(error);
}
