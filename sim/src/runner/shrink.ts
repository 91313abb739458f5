import { faultKinds, type Selection } from "./selection.ts";

/**
 * The smallest part of a failing plan that was found to fail in the same way: fewer steps, and fewer
 * kinds of faults. Every step keeps its time and its choices. Takes at most `most` runs.
 */
export async function shrink(
  failing: Selection,
  stillFails: (part: Selection) => Promise<boolean>,
  most: number,
): Promise<Selection> {
  let best: Required<Selection> = {
    ...failing,
    only: failing.only ?? Array.from({ length: failing.steps }, (_, position) => position + 1),
    faults: failing.faults ?? faultKinds,
  };
  let runs = 0;
  const attempt = async (part: Required<Selection>): Promise<boolean> => {
    runs += 1;
    if (runs > most || !(await stillFails(part))) return false;
    best = part;
    return true;
  };

  // Half of the steps at a time, then a quarter, down to one by one.
  for (
    let size = Math.ceil(best.only.length / 2);
    size >= 1;
    size = size > 1 ? Math.ceil(size / 2) : 0
  ) {
    for (let from = 0; from < best.only.length && runs < most; ) {
      const only = best.only.filter((_, position) => position < from || position >= from + size);
      if (!(await attempt({ ...best, only }))) from += size;
    }
  }
  for (const kind of [...best.faults]) {
    await attempt({ ...best, faults: best.faults.filter((other) => other !== kind) });
  }
  return best;
}
