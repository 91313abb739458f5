import type { Row } from "./finding.ts";
import { bundles } from "./rows/bundles.ts";
import { burst } from "./rows/burst.ts";
import { knee } from "./rows/knee.ts";
import { memory } from "./rows/memory.ts";
import { paging } from "./rows/paging.ts";
import { presigned } from "./rows/presigned.ts";
import { presigning } from "./rows/presigning.ts";
import { projector } from "./rows/projector.ts";
import { reading } from "./rows/reading.ts";
import { renditions } from "./rows/renditions.ts";
import { signing } from "./rows/signing.ts";
import { starting } from "./rows/starting.ts";
import { waterfall } from "./rows/waterfall.ts";

/** All rows, in the order of the table. */
export const rows: Row[] = [
  ...[presigning, presigned, reading, renditions, memory, signing, projector],
  ...[waterfall, paging, bundles, starting, burst, knee],
];
