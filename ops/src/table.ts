import { stripVTControlCharacters, styleText } from "node:util";

/** One column: its heading, and whether its cells are numbers, which stand to the right. */
export interface Column {
  heading: string;
  right?: boolean;
}

/** Rows under headings, each column as wide as its widest cell. */
export function table(columns: Column[], rows: string[][]): string[] {
  const widths = columns.map(({ heading }, column) =>
    Math.max(heading.length, ...rows.map((row) => widthOf(row[column] ?? ""))),
  );
  const line = (cells: string[]) =>
    columns
      .map(({ right }, column) => pad(cells[column] ?? "", widths[column] ?? 0, right ?? false))
      .join("  ")
      .trimEnd();
  return [styleText("dim", line(columns.map(({ heading }) => heading))), ...rows.map(line)];
}

function pad(cell: string, width: number, right: boolean): string {
  const space = " ".repeat(Math.max(0, width - widthOf(cell)));
  return right ? space + cell : cell + space;
}

/** Colours take no place. */
function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}
