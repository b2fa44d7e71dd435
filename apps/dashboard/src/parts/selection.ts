import { useState } from "react";
import type { Selection } from "./data-table.tsx";

/** Which rows are marked. */
export function useSelection(): Selection & { clear: () => void } {
  const [ids, setIds] = useState<ReadonlySet<number>>(new Set());
  return {
    ids,
    toggle: (id) => setIds((before) => before.symmetricDifference(new Set([id]))),
    clear: () => setIds(new Set()),
  };
}
