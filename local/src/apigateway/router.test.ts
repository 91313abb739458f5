import { describe, expect, it } from "vitest";
import { compileRoutes } from "./router.ts";

function routes(...paths: string[]) {
  const resources = paths.map((path) => ({ path, methods: new Map([["ANY", path]]) }));
  const match = compileRoutes(resources);
  return (path: string) => {
    const found = match("GET", path);
    return found && [found.target, found.pathParameters];
  };
}

describe("routing", () => {
  const find = routes(
    "/v1/images",
    "/v1/images/{imageId}",
    "/v1/images/recent",
    "/v1/images/{imageId}/tags",
    "/v1/search/{proxy+}",
    "/v1/search/tags",
    "/",
  );

  it.each([
    ["/", "/", {}],
    ["/v1/images", "/v1/images", {}],
    ["/v1/images/", "/v1/images", {}],
    ["/v1/images/recent", "/v1/images/recent", {}],
    ["/v1/images/recent/tags", "/v1/images/{imageId}/tags", { imageId: "recent" }],
    ["/v1/images/a%2Fb", "/v1/images/{imageId}", { imageId: "a%2Fb" }],
    ["/v1/search/tags", "/v1/search/tags", {}],
    ["/v1/search/tags/x", "/v1/search/{proxy+}", { proxy: "tags/x" }],
    ["/v1/search/a/b%20c/d", "/v1/search/{proxy+}", { proxy: "a/b%20c/d" }],
  ])("leads %s to %s", (path, target, parameters) => {
    expect(find(path)).toEqual([target, parameters]);
  });

  it.each(["/v1", "/v1/search", "/v1/images/x/y", "/v1/images//tags", "/V1/images"])(
    "knows no %s",
    (path) => {
      expect(find(path)).toBeUndefined();
    },
  );

  it("takes a method before ANY, and looks for no other resource when it is missing", () => {
    const match = compileRoutes([
      { path: "/a", methods: new Map([["GET", "get"]]) },
      {
        path: "/{proxy+}",
        methods: new Map([
          ["ANY", "any"],
          ["POST", "post"],
        ]),
      },
    ]);
    expect(match("GET", "/a")?.target).toBe("get");
    expect(match("POST", "/a")).toBeUndefined();
    expect(match("POST", "/b")?.target).toBe("post");
    expect(match("PUT", "/b")?.target).toBe("any");
  });

  it.each([
    [["/a/{id}", "/a/{name}/b"], "a sibling ({id}) already has a variable path part"],
    [["/a/{id}", "/a/{proxy+}"], "a sibling ({id}) already has a variable path part"],
    [["/a/{proxy+}", "/a/{id}/b"], "a sibling ({proxy}) already has a variable path part"],
    [["/a/{proxy+}/b"], "not at its end"],
    [["/a/x-{id}"], "only partly a parameter"],
    [["/a", "/a/"], "declared twice"],
  ])("refuses %j as API Gateway does", (paths, message) => {
    expect(() => routes(...paths)).toThrow(message);
  });
});
