import type { JsonObject } from "./json.ts";
import type { Settings } from "./settings.ts";
import type { Store } from "./store.ts";

export type Index = {
  name: string;
  uuid: string;
  createdAt: number;
  settings: Settings;
  mapping: JsonObject;
  store: Store;
};
export type Alias = { name: string; index: string; isWriteIndex: boolean | undefined };
