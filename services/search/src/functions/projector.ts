import { projectImages } from "../consumers/project-images.ts";
import { service } from "../service.ts";

export const handler = projectImages(service);
