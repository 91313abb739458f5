import { takeSteps } from "../jobs/take-step.ts";
import { service } from "../service.ts";

export const handler = takeSteps(service);
