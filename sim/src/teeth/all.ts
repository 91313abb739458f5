import { indexTeeth } from "./index-teeth.ts";
import { messageTeeth } from "./message-teeth.ts";
import { objectTeeth } from "./object-teeth.ts";
import { tableTeeth } from "./table-teeth.ts";
import type { Tooth } from "./tooth.ts";

/** Every mitigation that the simulation is shown to need. */
export const teeth: Tooth[] = [...tableTeeth, ...messageTeeth, ...indexTeeth, ...objectTeeth];
