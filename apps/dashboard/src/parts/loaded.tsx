import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { formatTime } from "../format.ts";
import { useErrorText, useLanguage, useText } from "../text/language.tsx";

type Props<Data> = { query: UseQueryResult<Data>; children: (data: Data) => ReactNode };

/** What a query has read, or why it has not. What was read before stays, with the time it is from. */
export function Loaded<Data>({ query, children }: Props<Data>) {
  const text = useText();
  const { language } = useLanguage();
  const { data, error, dataUpdatedAt } = query;
  if (data === undefined) {
    return error ? <Failed error={error} onRetry={() => query.refetch()} /> : <p className="hint">{text.loading}</p>;
  }
  return (
    <>
      {error && <p className="notice">{text.outdated(formatTime(dataUpdatedAt, language))}</p>}
      {children(data)}
    </>
  );
}

export function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const text = useText();
  const explain = useErrorText();
  return (
    <div className="failed" role="alert">
      <p>
        {text.failedToLoad} {explain(error)}
      </p>
      <button type="button" onClick={onRetry}>
        {text.retry}
      </button>
    </div>
  );
}

/** When what a page shows was read. */
export function Received({ query }: { query: Pick<UseQueryResult, "dataUpdatedAt"> }) {
  const text = useText();
  const { language } = useLanguage();
  if (query.dataUpdatedAt === 0) return null;
  return <p className="hint">{text.receivedAt(formatTime(query.dataUpdatedAt, language))}</p>;
}
