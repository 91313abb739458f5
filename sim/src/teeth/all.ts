import { indexTeeth } from "./index-teeth.ts";
import { messageTeeth } from "./message-teeth.ts";
import { objectTeeth } from "./object-teeth.ts";
import { tableTeeth } from "./table-teeth.ts";
import type { Tooth } from "./tooth.ts";

/** Every mitigation that the simulation is shown to need. */
export const teeth: Tooth[] = [...tableTeeth, ...messageTeeth, ...indexTeeth, ...objectTeeth];

/** @throws Error that names all there are */
export function toothNamed(name: string): Tooth {
  const found = teeth.find((tooth) => tooth.name === name);
  if (found) return found;
  const names = teeth.map((tooth) => `  ${tooth.name}`).join("\n");
  throw new Error(`There is no mitigation "${name}". These can be taken out:\n${names}`);
}
