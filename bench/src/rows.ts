import type { Row } from "./finding.ts";
import { presigning } from "./rows/presigning.ts";
import { reading } from "./rows/reading.ts";
import { renditions } from "./rows/renditions.ts";
import { signing } from "./rows/signing.ts";

/** All rows, in the order of the table. */
export const rows: Row[] = [presigning, reading, renditions, signing];
