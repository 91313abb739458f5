import { useQuery } from "@tanstack/react-query";
import { sentenceOf } from "../library/use-edits.ts";
import { useGallery } from "../session/gallery-context.tsx";
import { bytes } from "../shell/amounts.ts";

const healths = { green: "Healthy", yellow: "Copies are missing", red: "Data is missing" };

/** The indexes there are, and which of them is searched. */
export function IndexState() {
  const { client, session } = useGallery();
  const { data, error } = useQuery({
    queryKey: [session.userId, "index"],
    queryFn: async ({ signal }) =>
      (await client.api.GET("/v1/search/index", { signal })).data ?? null,
    refetchInterval: 10_000,
  });
  return (
    <section aria-labelledby="index-state">
      <h2 id="index-state">
        Now {data && <span className={`badge ${data.health}`}>{healths[data.health]}</span>}
      </h2>
      {error && <p role="alert">The state can't be read: {sentenceOf(error)}</p>}
      {data && (
        <div className="table-frame">
          <table>
            <thead>
              <tr>
                <th scope="col">Index</th>
                <th scope="col">Photos</th>
                <th scope="col">Deleted ones remembered</th>
                <th scope="col">Size</th>
                <th scope="col">Use</th>
              </tr>
            </thead>
            <tbody>
              {data.indexes.map((index) => (
                <tr key={index.name}>
                  <th scope="row">{index.name}</th>
                  <td>{index.images.toLocaleString()}</td>
                  <td>{index.tombstones.toLocaleString()}</td>
                  <td>{bytes(index.bytes)}</td>
                  <td>
                    {index.searched && <span className="badge green">searched</span>}{" "}
                    {index.written && <span className="badge">takes changes</span>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
