import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { sentenceOf } from "../library/use-edits.ts";
import { useGallery } from "../session/gallery-context.tsx";
import { recall, remember } from "../session/storage.ts";

const KEY = "shoebox-comparison";
/** Disagreements that are listed. */
const SHOWN = 50;

/** Whether index and catalog agree, asked for and answered. */
export function Comparison() {
  const { client, session } = useGallery();
  const [comparisonId, setId] = useState(() => recall<string>(KEY));
  const start = useMutation({
    mutationFn: async () => {
      const { data } = await client.api.POST("/v1/search/comparisons");
      return data?.comparisonId;
    },
    onSuccess: (id) => {
      remember(KEY, id);
      setId(id);
    },
  });
  const { data } = useQuery({
    queryKey: [session.userId, "comparison", comparisonId],
    enabled: comparisonId !== undefined,
    queryFn: async ({ signal }) => {
      const params = { path: { comparisonId: comparisonId ?? "" } };
      const { data } = await client.api.GET("/v1/search/comparisons/{comparisonId}", {
        params,
        signal,
      });
      return data ?? null;
    },
    refetchInterval: ({ state }) => (state.data && !state.data.endedAt ? 1_000 : false),
  });
  const underWay = data != null && !data.endedAt;
  return (
    <section aria-labelledby="comparison">
      <h2 id="comparison">Compare with the catalog</h2>
      <p className="soft">
        Counts and checksums of every user, and photo by photo where they differ.
      </p>
      <button
        type="button"
        className="button"
        disabled={start.isPending || underWay}
        onClick={() => start.mutate()}
      >
        Compare now
      </button>
      {start.error && <p role="alert">{sentenceOf(start.error)}</p>}
      {data && (
        <div className="comparison" role="status">
          {underWay ? (
            <progress max={1} value={data.progress} aria-label="Progress of the comparison" />
          ) : (
            <p>
              {data.status === "completed"
                ? data.disagreementCount === 0
                  ? "They agree"
                  : `They differ on ${data.disagreementCount.toLocaleString()}`
                : `It ${data.status}`}
              {data.images !== undefined &&
                `: ${data.images.toLocaleString()} photos of ${(data.owners ?? 0).toLocaleString()} users.`}
            </p>
          )}
          {(data.reason ?? data.trouble) && <p role="alert">{data.reason ?? data.trouble}</p>}
          {data.disagreements.length > 0 && (
            <ul>
              {data.disagreements.slice(0, SHOWN).map(({ kind, ownerId, imageId }) => (
                <li key={imageId}>
                  <span className="badge">{kind}</span> <code>{imageId}</code> of {ownerId}
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </section>
  );
}
