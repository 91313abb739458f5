import { ShoeboxError } from "@shoebox/client";
import { useQuery } from "@tanstack/react-query";
import { useGallery } from "../session/gallery-context.tsx";
import type { Photo } from "./photo.ts";

/** Milliseconds between two looks at a picture that is being processed. */
const PAUSE = 1_500;

/**
 * One picture: what a list knows of it at once, and what the catalog knows a moment later. Somebody
 * else's public picture is known to searches alone, so what the list has is all there is.
 */
export function usePhoto(imageId: string, listed: Photo | undefined) {
  const { client, session } = useGallery();
  const foreign = listed !== undefined && listed.ownerId !== session.userId;
  return useQuery({
    queryKey: [session.userId, "photo", imageId],
    enabled: !foreign,
    queryFn: async ({ signal }): Promise<Photo> => {
      const params = { path: { imageId } };
      const { data } = await client.api.GET("/v1/images/{imageId}", { params, signal });
      if (!data) throw new Error("An image without a body.");
      return data;
    },
    initialData: listed,
    initialDataUpdatedAt: 0,
    staleTime: 5_000,
    retry: (count, error) => !(error instanceof ShoeboxError && error.status === 404) && count < 3,
    refetchInterval: ({ state }) => (state.data?.status === "processing" ? PAUSE : false),
  });
}

/** The pictures before and after one that no list has: somebody came by its address. */
export function useNeighbours(photo: Photo | undefined, enabled: boolean) {
  const { client, session } = useGallery();
  return useQuery({
    queryKey: [session.userId, "neighbours", photo?.imageId],
    enabled: enabled && photo !== undefined && photo.ownerId === session.userId,
    queryFn: async ({ signal }) => {
      const at = Date.parse(photo?.uploadedAt ?? "");
      const first = async (query: { from?: string; to?: string; order: "newest" | "oldest" }) => {
        const params = { query: { ...query, limit: 2 } };
        const { data } = await client.api.GET("/v1/images", { params, signal });
        return data?.items.find(({ imageId }) => imageId !== photo?.imageId);
      };
      const [previous, next] = await Promise.all([
        first({ from: new Date(at + 1).toISOString(), order: "oldest" }),
        first({ to: new Date(at).toISOString(), order: "newest" }),
      ]);
      return { previous, next };
    },
    staleTime: 60_000,
  });
}
