import type { RowOptions } from "./finding.ts";
import { rows } from "./rows.ts";

/**
 * `node row-process.ts ROW OPTIONS`: measures one row in a process of its own, so that no row is
 * slower or faster for what another one has loaded, compiled or set. Its findings go to the parent.
 */
const [name, options = "{}"] = process.argv.slice(2);
const row = rows.find((one) => one.name === name);
if (!row) throw new Error(`There is no row ${name}.`);
const say = (line: string) => process.send?.({ say: line });
const given = JSON.parse(options) as Omit<RowOptions, "say">;
const findings = await row.measure({ ...given, say });
process.send?.({ findings }, () => process.exit(0));
