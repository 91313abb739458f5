import type {
  components as Catalog,
  operations as CatalogOperations,
} from "./generated/catalog.ts";
import type { components as Processing } from "./generated/processing.ts";
import type { components as Search, operations as SearchOperations } from "./generated/search.ts";
import type { operations as UploadOperations } from "./generated/upload.ts";

type Query<O extends { parameters: { query?: unknown } }> = NonNullable<O["parameters"]["query"]>;
type Json<R> = R extends { content: { "application/json": infer T } } ? T : never;

export type Image = Catalog["schemas"]["Image"];
export type ImagePage = Catalog["schemas"]["ImagePage"];
export type ImageChange = Catalog["schemas"]["EditImage"];
export type FoundImage = Search["schemas"]["FoundImage"];
export type SearchPage = Search["schemas"]["SearchPage"];
export type Job = Processing["schemas"]["Job"];

export type ListQuery = Query<CatalogOperations["listImages"]>;
export type UrlQuery = Query<CatalogOperations["getImageUrl"]>;
export type SearchQuery = Query<SearchOperations["search"]>;
export type TagsQuery = Query<SearchOperations["completeTags"]>;

export type Announcement = Json<NonNullable<UploadOperations["createUpload"]["requestBody"]>>;
export type Upload = Json<UploadOperations["getUpload"]["responses"][200]>;
export type Quota = Json<UploadOperations["getQuota"]["responses"][200]>;
export type BatchResult = Json<
  CatalogOperations["changeImages"]["responses"][207]
>["results"][number];

type Created = UploadOperations["createUpload"]["responses"];
/** How a new upload is to be sent: as a form, or in parts. */
export type Begun = Json<Created[201]>;
export type Form = Extract<Begun, { method: "POST" }>;
export type Duplicate = Json<Created[200]>;
