import { relayFunction } from "@shoebox/shared/messaging/relay-function";
import { toEvents } from "../publish.ts";

export const handler = relayFunction(toEvents);
