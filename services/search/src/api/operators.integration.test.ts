import { afterAll, beforeAll, expect, it } from "vitest";
import { cataloged, picture, startSearch } from "../search.testkit.ts";
import { document } from "./openapi.ts";

let search: Awaited<ReturnType<typeof startSearch>>;
beforeAll(async () => {
  search = await startSearch();
  await search.deliver(cataloged(picture()));
});
afterAll(() => search.close());

it("everything for administrators, and nothing else, has a twin for operators with the same answers", () => {
  const { paths = {} } = document();
  const told = (forOperators: boolean) =>
    Object.entries(paths)
      .filter(([path]) => path.startsWith("/v1/search/ops/") === forOperators)
      .flatMap(([path, item]) =>
        Object.entries(item ?? {}).map(([method, operation]) => {
          const { description = "", responses } = operation as {
            description?: string;
            responses: object;
          };
          return {
            route: `${method} ${path.replace("/ops/", "/")}`,
            forWhom: /^For (\w+)[.]/.exec(description)?.[1],
            answers: Object.keys(responses),
          };
        }),
      );
  const administrators = told(false).filter(({ forWhom }) => forWhom === "administrators");
  expect(administrators).toHaveLength(8);
  expect(told(true)).toEqual(administrators.map((route) => ({ ...route, forWhom: "operators" })));
});

it("an operator sees the index, has it rebuilt, and is led to where he may look", async () => {
  expect((await search.operate("GET", "/v1/search/ops/index")).body).toMatchObject({
    indexes: [expect.objectContaining({ images: 1 })],
  });
  const begun = await search.operate("POST", "/v1/search/ops/rebuilds", {});
  expect(begun.status).toBe(202);
  const place = begun.headers.get("location") ?? "";
  expect(place).toBe(`/v1/search/ops/rebuilds/${begun.body.rebuildId}`);
  expect((await search.operate("GET", place)).body).toMatchObject({ status: "pending" });
  expect((await search.operate("DELETE", place)).status).toBe(204);
});

it("an administrator's token does not open an operator's route, nor a signature an administrator's", async () => {
  expect((await search.call("GET", "/v1/search/ops/index")).status).toBe(401);
  expect((await search.call("POST", "/v1/search/ops/rebuilds", {})).status).toBe(401);
  expect((await search.operate("GET", "/v1/search/index")).status).toBe(401);
});
