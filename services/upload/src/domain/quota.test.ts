import fc from "fast-check";
import { expect, it } from "vitest";
import { fitting, usageOf } from "./quota.ts";

it("what fits is within the limit, and nothing that was left out would have fitted in its turn", () => {
  const usage = fc.record({ bytes: fc.nat(100), images: fc.nat(5) });
  const uploads = fc.array(fc.record({ size: fc.integer({ min: 1, max: 60 }) }), { maxLength: 8 });
  fc.assert(
    fc.property(uploads, usage, usage, (wanted, used, limit) => {
      const fit = fitting(wanted, used, limit);
      const taken = usageOf([...fit]);
      if (fit.size > 0) {
        expect(used.bytes + taken.bytes).toBeLessThanOrEqual(limit.bytes);
        expect(used.images + taken.images).toBeLessThanOrEqual(limit.images);
      }
      for (const [index, upload] of wanted.entries()) {
        if (fit.has(upload)) continue;
        const before = usageOf(wanted.slice(0, index).filter((one) => fit.has(one)));
        const tooMany = used.images + before.images + 1 > limit.images;
        expect(tooMany || used.bytes + before.bytes + upload.size > limit.bytes).toBe(true);
      }
    }),
  );
});
