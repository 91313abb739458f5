import type { Command } from "./command.ts";
import { domain } from "./commands/domain.ts";
import { indexStatus } from "./commands/index-status.ts";

/** All there is, in the order of the help. */
export const commands: Command[] = [indexStatus, domain];
