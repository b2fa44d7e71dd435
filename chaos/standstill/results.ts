/** One line of the table. `quiet` is the same number of the same run while nothing was wrong. */
export type Measure = { point: number; what: string; unit: Unit; value: number; quiet?: number; note?: string };
export type Unit = "ms" | "MB" | "/s" | "s" | "";

/** One version. `failed`: how many scenarios could not be measured on it. */
export type Column = { title: string; measures: readonly Measure[]; failed: number };

/** A Markdown table: a row for each thing measured, in the order of the points, a column for each version. */
export function table(columns: readonly Column[]): string {
  const keyOf = ({ point, what }: Measure) => `${point} | ${what}`;
  const keys = new Set(columns.flatMap(({ measures }) => measures.map(keyOf)));
  const inOrder = [...keys].sort((one, other) => Number.parseInt(one, 10) - Number.parseInt(other, 10));
  const rows = inOrder.map((key) => {
    const cells = columns.map(({ measures }) => {
      const measure = measures.find((each) => keyOf(each) === key);
      return measure ? cellOf(measure) : "–";
    });
    return `| ${[key, ...cells].join(" | ")} |`;
  });
  const head = `| Point | Measured | ${columns.map(({ title }) => title).join(" | ")} |`;
  return [head, `|-:|-|${"-:|".repeat(columns.length)}`, ...rows].join("\n");
}

function cellOf({ value, quiet, unit, note }: Measure): string {
  const text = [quiet === undefined ? amount(value, unit) : comparison(value, quiet, unit), note];
  return text.filter(Boolean).join(", ");
}

/** What it was when quiet, what it became, and the ratio of the two. */
function comparison(value: number, quiet: number, unit: Unit): string {
  const ratio = quiet > 0 ? ` (× ${rounded(value / quiet)})` : "";
  return `${amount(quiet, unit)} → **${amount(value, unit)}**${ratio}`;
}

function amount(value: number, unit: Unit): string {
  return `${rounded(value)}${unit === "/s" ? unit : unit && ` ${unit}`}`;
}

/** To two digits below ten, whole numbers above; thousands apart. */
function rounded(value: number): string {
  if (Math.abs(value) < 10) return String(Number(value.toPrecision(2)));
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, " ");
}
