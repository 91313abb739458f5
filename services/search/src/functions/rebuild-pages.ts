import { takeSnapshotPages } from "../consumers/snapshot-pages.ts";
import { service } from "../service.ts";

export const handler = takeSnapshotPages(service);
