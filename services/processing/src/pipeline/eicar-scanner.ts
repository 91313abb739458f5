import type { Scanner } from "./ports.ts";

/** The EICAR test string, in pieces, so that no scanner takes this source file for it. */
const EICAR = Buffer.from(
  ["X5O!P%@AP[4\\PZX54(P^)7CC)7}", "$EICAR-STANDARD-ANTIVIRUS-", "TEST-FILE!$H+H*"].join(""),
);

/**
 * The scanner that is always there. It knows the EICAR test file and finds it anywhere in the
 * stream, also behind a whole picture; it shows that the way from a finding to a rejection works.
 * Real protection is clamd, or GuardDuty in front of this service.
 */
export const eicarScanner: Scanner = {
  async scan(bytes) {
    // Of a finding that begins in one chunk and ends in a later one.
    const before = EICAR.length - 1;
    let tail: Buffer = Buffer.alloc(0);
    for await (const chunk of bytes) {
      const seam = Buffer.concat([tail, chunk.subarray(0, before)]);
      if (seam.includes(EICAR) || chunk.includes(EICAR)) {
        return { clean: false, signature: "EICAR-Test-File" };
      }
      tail = (chunk.length < before ? seam : chunk).subarray(-before);
    }
    return { clean: true };
  },
};
