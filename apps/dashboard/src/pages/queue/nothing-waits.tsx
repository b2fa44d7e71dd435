import { formatTime } from "../../format.ts";
import { useLanguage } from "../../text/language.tsx";
import type { QueueAddress } from "./filters.tsx";

type Props = { address?: QueueAddress; lastDecidedAt: string | null; onClear?: () => void };

export function NothingWaits({ address, lastDecidedAt, onClear }: Props) {
  const { text, language } = useLanguage();
  const isFiltered = address && (address.type || address.category || address.claimed !== "all");
  return (
    <div className="empty">
      <p>
        {isFiltered ? text.queue.emptyFiltered : text.queue.empty}{" "}
        {lastDecidedAt && text.queue.lastDecided(formatTime(lastDecidedAt, language))}
      </p>
      {isFiltered && (
        <button type="button" className="link" onClick={onClear}>
          {text.queue.clearFilters}
        </button>
      )}
    </div>
  );
}
