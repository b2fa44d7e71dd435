import { type ReactNode, useState } from "react";
import { useKeys } from "../keys/keys.ts";
import { useText } from "../text/language.tsx";

export type Column<Row> = {
  name: string;
  cell: (row: Row) => ReactNode;
  kind?: "wide" | "amount";
};

export type Selection = { ids: ReadonlySet<number>; toggle: (id: number) => void };

type Props<Row> = {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  /** What is shown when there are none. */
  empty: string;
  /** Rows can be marked, to do something to several at once. */
  selection?: Selection;
  onOpen?: (row: Row) => void;
};

/** A plain table, through which j and k go, x marks and o opens. */
export function DataTable<Row extends { id: number }>(props: Props<Row>) {
  const { caption, columns, rows, empty, selection, onOpen } = props;
  const text = useText();
  const [at, setAt] = useState(-1);
  const move = (step: number) => {
    const next = Math.min(Math.max(at + step, 0), rows.length - 1);
    setAt(next);
    document.getElementById(rowId(rows[next]))?.focus();
  };
  const current = rows[at];
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    o: () => current && onOpen?.(current),
    x: () => current && selection?.toggle(current.id),
  });
  if (rows.length === 0) return <p className="card empty">{empty}</p>;
  return (
    <div className="card table">
      <table>
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            {selection && <th scope="col">{text.keys.select}</th>}
            {columns.map(({ name, kind }) => (
              <th key={name} scope="col" className={kind}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={row.id} id={rowId(row)} tabIndex={-1} className={index === at ? "here" : undefined}>
              {selection && <Mark row={row} {...selection} />}
              {columns.map(({ name, kind, cell }) => (
                <td key={name} className={kind}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Mark({ row, ids, toggle }: Selection & { row: { id: number } }) {
  const text = useText();
  return (
    <td>
      <input
        type="checkbox"
        aria-label={`${text.keys.select} ${row.id}`}
        checked={ids.has(row.id)}
        onChange={() => toggle(row.id)}
      />
    </td>
  );
}

function rowId(row: { id: number } | undefined): string {
  return `row-${row?.id}`;
}
