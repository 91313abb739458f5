import { MAX_PAYLOAD_BYTES } from "./runtime.ts";

/** Room for the `{"Records":[…]}` around the records. */
const ENVELOPE_BYTES = 64;

/** Cuts records into runs whose event stays within Lambda's payload limit, in their order. */
export function splitBySize<T>(records: T[], limit = MAX_PAYLOAD_BYTES - ENVELOPE_BYTES): T[][] {
  const runs: T[][] = [];
  let run: T[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = Buffer.byteLength(JSON.stringify(record)) + 1;
    if (run.length > 0 && bytes + size > limit) {
      runs.push(run);
      run = [];
      bytes = 0;
    }
    run.push(record);
    bytes += size;
  }
  if (run.length > 0) runs.push(run);
  return runs;
}
