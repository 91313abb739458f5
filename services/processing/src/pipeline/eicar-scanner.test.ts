import { expect, it } from "vitest";
import { eicarScanner } from "./eicar-scanner.ts";
import { eicar } from "./pictures.testkit.ts";

const scan = (bytes: Buffer, size: number) =>
  eicarScanner.scan(
    (async function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    })(),
  );

it("finds the test file wherever it lies, however the stream is cut, and a beginning of it is nothing", async () => {
  const found = Buffer.from(`${"X5O!".repeat(30)}${eicar}${"*".repeat(70)}`);
  const nothing = Buffer.from(`${eicar.slice(0, -1)} ${eicar.slice(1)}`);
  for (let size = 1; size <= 140; size++) {
    expect(await scan(found, size), `in pieces of ${size}`).toMatchObject({ clean: false });
    expect(await scan(nothing, size), `in pieces of ${size}`).toEqual({ clean: true });
  }
});
