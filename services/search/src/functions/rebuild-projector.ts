import { projectReplayed } from "../consumers/replayed-images.ts";
import { service } from "../service.ts";

export const handler = projectReplayed(service);
