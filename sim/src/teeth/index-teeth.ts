import type { Call } from "../world/exchange.ts";
import type { Tooth } from "./tooth.ts";

type Line = Record<string, Record<string, unknown>>;

const isBulk = (call: Call) => call.operation.endsWith("/_bulk");

function lines(call: Call): Line[] {
  return String(call.request.body)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
}

function write(call: Call, changed: object[]): void {
  call.request.body = `${changed.map((line) => JSON.stringify(line)).join("\n")}\n`;
}

const disorder = { twice: 0.3, late: 0.4, crash: 0, lostAnswer: 0 };

/** What keeps the index right. */
export const indexTeeth: Tooth[] = [
  {
    name: "the version condition of the index",
    caughtBy: "index = catalog",
    bias: { weights: { edit: 40 }, faults: disorder },
    mutation: () => ({
      request(call) {
        if (!isBulk(call)) return;
        const plain = lines(call).map((line) => {
          const { version: _, version_type: __, ...action } = line.index ?? {};
          return line.index ? { index: action } : line;
        });
        write(call, plain);
      },
    }),
  },
  {
    name: "tombstones in the index in place of deletes",
    caughtBy: "deleted stays deleted",
    bias: { weights: { remove: 40 }, faults: disorder },
    mutation: () => ({
      request(call) {
        if (!isBulk(call)) return;
        const all = lines(call);
        const changed = all.flatMap((line, position): object[] => {
          const document = all[position + 1] as { deleted?: unknown } | undefined;
          if (line.index && document?.deleted === true) {
            const { _index, _id, version, version_type } = line.index;
            return [{ delete: { _index, _id, version, version_type } }];
          }
          return (line as { deleted?: unknown }).deleted === true ? [] : [line];
        });
        write(call, changed);
      },
      answer(call, answer) {
        if (!isBulk(call)) return;
        // Whoever deletes takes "it is not there" for a success.
        answer.body = String(answer.body)
          .replaceAll('{"delete":', '{"index":')
          .replaceAll('"status":404', '"status":200');
      },
    }),
  },
];
