import type { Command } from "./command.ts";
import { cancel } from "./commands/cancel.ts";
import { compare } from "./commands/compare.ts";
import { dlq } from "./commands/dlq.ts";
import { domain } from "./commands/domain.ts";
import { indexStatus } from "./commands/index-status.ts";
import { rebuild } from "./commands/rebuild.ts";
import { rebuilds } from "./commands/rebuilds.ts";
import { reconcile } from "./commands/reconcile.ts";
import { rollback } from "./commands/rollback.ts";

/** All there is, in the order of the help. */
export const commands: Command[] = [
  indexStatus,
  domain,
  rebuild,
  rebuilds,
  rollback,
  cancel,
  compare,
  dlq,
  reconcile,
];
