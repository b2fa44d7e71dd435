import { formatNumber } from "../format.ts";
import { useLanguage } from "../text/language.tsx";

type Props = {
  page: number;
  pages: number;
  total: number;
  totalIsAtLeast?: boolean;
  onChange: (page: number) => void;
};

/** Which page of how many, and the ways to those beside it. */
export function Pages({ page, pages, total, totalIsAtLeast = false, onChange }: Props) {
  const { text, language } = useLanguage();
  if (pages <= 1 && page <= 1) return null;
  return (
    <div className="pages">
      <button type="button" disabled={page <= 1} onClick={() => onChange(page - 1)}>
        {text.previous}
      </button>
      <span className="hint">
        {text.pageOf(page, pages)} · {text.totalOf(formatNumber(total, language), totalIsAtLeast)}
      </span>
      <button type="button" disabled={page >= pages} onClick={() => onChange(page + 1)}>
        {text.next}
      </button>
    </div>
  );
}
