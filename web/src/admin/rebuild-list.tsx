import type { Paths } from "@shoebox/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { sentenceOf } from "../library/use-edits.ts";
import { useGallery } from "../session/gallery-context.tsx";
import { duration } from "../shell/amounts.ts";

/** Milliseconds between two looks while one is under way, and otherwise. */
const [BUSY, CALM] = [1_000, 15_000];
const UNDER_WAY = ["pending", "running", "verifying"];

const when = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** All rebuilds, the newest first: how far they are, and what can be done with them. */
export function RebuildList() {
  const { client, session } = useGallery();
  const { data, error } = useQuery({
    queryKey: [session.userId, "rebuilds"],
    queryFn: async ({ signal }) => {
      const params = { query: { limit: 20 } };
      const { data } = await client.api.GET("/v1/search/rebuilds", { params, signal });
      return data?.items ?? [];
    },
    refetchInterval: ({ state }) =>
      state.data?.some(({ status }) => UNDER_WAY.includes(status)) ? BUSY : CALM,
  });
  return (
    <section aria-labelledby="rebuilds">
      <h2 id="rebuilds">Rebuilds</h2>
      {error && <p role="alert">The rebuilds can't be listed: {sentenceOf(error)}</p>}
      {data?.length === 0 && <p className="soft">There was none yet.</p>}
      <ol className="rebuilds">
        {data?.map((rebuild, place) => (
          <Row key={rebuild.rebuildId} rebuild={rebuild} latest={place === 0} />
        ))}
      </ol>
    </section>
  );
}

type Rebuild =
  Paths["/v1/search/rebuilds/{rebuildId}"]["get"]["responses"][200]["content"]["application/json"];

function Row({ rebuild, latest }: { rebuild: Rebuild; latest: boolean }) {
  const { client, session } = useGallery();
  const queries = useQueryClient();
  const { rebuildId, status, rolledBack } = rebuild;
  const path = { rebuildId };
  const settled = () => {
    void queries.invalidateQueries({ queryKey: [session.userId, "rebuilds"] });
    void queries.invalidateQueries({ queryKey: [session.userId, "index"] });
  };
  const cancel = useMutation({
    mutationFn: () => client.api.DELETE("/v1/search/rebuilds/{rebuildId}", { params: { path } }),
    onSettled: settled,
  });
  const rollBack = useMutation({
    mutationFn: (to: "previous" | "rebuilt") =>
      client.api.POST("/v1/search/rebuilds/{rebuildId}/rollback", {
        params: { path },
        body: { to },
      }),
    onSettled: settled,
  });
  const underWay = UNDER_WAY.includes(status);
  const problem = cancel.error ?? rollBack.error;
  const { missing, stale, resurrected } = rebuild.disagreements;
  const repaired = missing + stale + resurrected;
  return (
    <li className={`rebuild ${status}`}>
      <header>
        <span
          className={`badge ${status === "completed" ? "green" : status === "failed" ? "red" : ""}`}
        >
          {rolledBack ? "rolled back" : status}
        </span>
        <span>
          from the {rebuild.source}, {when.format(new Date(rebuild.startedAt))}
        </span>
        <span className="space" />
        {underWay && (
          <button
            type="button"
            className="button plain"
            disabled={cancel.isPending}
            onClick={() => cancel.mutate()}
          >
            Cancel
          </button>
        )}
        {latest && status === "completed" && rebuild.previousIndex && (
          <button
            type="button"
            className="button plain"
            disabled={rollBack.isPending}
            onClick={() => rollBack.mutate(rolledBack ? "rebuilt" : "previous")}
          >
            {rolledBack ? "Use the rebuilt index again" : "Roll back"}
          </button>
        )}
      </header>
      {underWay && (
        <progress
          max={1}
          value={rebuild.progress}
          aria-label={`Progress of the rebuild: ${rebuild.phase}`}
        />
      )}
      <p className="soft">
        {[
          underWay && `${Math.round(rebuild.progress * 100)} %, ${rebuild.phase}`,
          `${rebuild.indexed.toLocaleString()} indexed`,
          rebuild.expected !== undefined && `of about ${rebuild.expected.toLocaleString()}`,
          underWay &&
            rebuild.ratePerSecond !== undefined &&
            `${Math.round(rebuild.ratePerSecond).toLocaleString()} a second`,
          underWay && rebuild.secondsLeft !== undefined && `${duration(rebuild.secondsLeft)} left`,
          rebuild.proofs && `${rebuild.proofs.done} of ${rebuild.proofs.planned} proofs`,
          repaired > 0 && `${repaired} repaired on the way`,
          rebuild.endedAt &&
            `took ${duration((Date.parse(rebuild.endedAt) - Date.parse(rebuild.startedAt)) / 1_000)}`,
        ]
          .filter(Boolean)
          .join(" · ")}
      </p>
      {(rebuild.reason ?? rebuild.trouble) && (
        <p role="alert">{rebuild.reason ?? rebuild.trouble}</p>
      )}
      {problem && <p role="alert">{sentenceOf(problem)}</p>}
    </li>
  );
}
