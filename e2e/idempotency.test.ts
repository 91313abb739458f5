import { describe, expect, inject, it } from "vitest";
import { signIn } from "./client.ts";

const url = inject("url");
const user = await signIn(url);
const { body: uppy } = await user.call<{ endpoint: string }>("POST", "/v1/uploads/uppy");

/** Every POST there is, as the services' own documents name them. */
const posts: string[] = [];
for (const service of ["upload", "catalog", "processing", "search"]) {
  const document = await fetch(`${url}/openapi/${service}.json`);
  const { paths } = (await document.json()) as {
    paths: Record<string, { post?: { security?: object[] } }>;
  };
  // Operators' are not this user's; their keys are in the service's own test of such routes.
  const open = ({ security }: { security?: object[] }) => !security?.some((one) => "sigv4" in one);
  posts.push(...Object.keys(paths).filter((path) => paths[path]?.post && open(paths[path].post)));
}

/** Requests that are done. All other routes are asked for something that there is not, or not for this user. */
const bodies: Record<string, object> = {
  "/v1/uploads": { contentType: "image/jpeg", size: 1000 },
  "/v1/uploads/batch": { uploads: [{ contentType: "image/jpeg", size: 1000 }] },
  "/v1/uploads/uppy/{endpoint}/s3/multipart": {
    filename: "a.jpg",
    type: "image/jpeg",
    metadata: { size: 200_000_000 },
  },
};

const addressOf = (path: string) =>
  path
    .replace("/v1/uploads/uppy/{endpoint}", uppy.endpoint)
    .replaceAll(/\{\w+\}/g, "019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55");

it("the three that begin something are among them", () => {
  expect(posts).toEqual(expect.arrayContaining(Object.keys(bodies)));
});

describe.each(posts)("POST %s", (path) => {
  it("answers one key once: repeated to the same request, quoted or not, refused to another one", async () => {
    const key = crypto.randomUUID();
    const post = (body: object, name: string) =>
      user.call("POST", addressOf(path), { body, headers: { "Idempotency-Key": name } });
    const first = await post(bodies[path] ?? {}, key);
    expect(first.status).toBeLessThan(500);
    if (bodies[path]) expect(first.status).toBeLessThan(300);
    expect(first.headers.get("idempotency-replayed")).toBeNull();
    const ends = Date.parse(first.headers.get("idempotency-expires") ?? "") - Date.now();
    expect(ends).toBeGreaterThan(86_000_000);

    const again = await post(bodies[path] ?? {}, `"${key}"`);
    expect([again.status, again.body]).toEqual([first.status, first.body]);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect((await post({ other: true }, key)).status).toBe(422);
  });
});
