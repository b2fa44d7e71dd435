import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useActions } from "../../actions/actions.tsx";
import { useFilters } from "../../address.ts";
import { api, type SubjectName } from "../../api.ts";
import { formatNumber } from "../../format.ts";
import { useKeys } from "../../keys/keys.ts";
import { Key } from "../../parts/key.tsx";
import { Failed } from "../../parts/loaded.tsx";
import { Page } from "../../parts/page.tsx";
import { Pages } from "../../parts/pages.tsx";
import { useLanguage } from "../../text/language.tsx";
import { ALLOWED, DEFAULTS, Filters, filtersOf, queryOf } from "./filters.tsx";
import { NothingWaits } from "./nothing-waits.tsx";
import { SubjectList } from "./subject-list.tsx";
import { readName, writeName } from "./subject-name.ts";
import { SubjectPane } from "./subject-pane.tsx";

const LIST_EVERY_MS = 30_000;
/** As many as the server leaves out at most. */
const MAX_SKIPPED = 50;

export default function Queue() {
  const { text, language } = useLanguage();
  const [address, change] = useFilters(DEFAULTS, ALLOWED);
  const selected = readName(address.subject);
  const list = useQuery({
    queryKey: ["queue", "list", queryOf(address)],
    queryFn: ({ signal }) => api.listQueue(queryOf(address), { signal }),
    refetchInterval: LIST_EVERY_MS,
    placeholderData: (before) => before,
  });
  const subjects = list.data?.subjects ?? [];
  const select = (name: SubjectName | null) => change({ subject: name ? writeName(name) : "" });
  const [lastDecidedAt, setLastDecidedAt] = useState<string | null>(null);
  const next = useNext(selected, filtersOf(address), select);
  const move = (step: number) => {
    const at = subjects.findIndex((each) => writeName(each) === address.subject);
    const target = subjects[Math.min(Math.max(at + step, 0), subjects.length - 1)];
    if (target) select(target);
  };
  useKeys({ j: () => move(1), k: () => move(-1), n: next.claim, o: () => selected ?? move(1) });
  const counts = list.data?.counts;
  const number = (value: number) => formatNumber(value, language);
  const aside = counts && (
    <p className="hint">{text.queue.counts(number(counts.pending), number(counts.mine), number(counts.overdue))}</p>
  );
  return (
    <Page title={text.queue.title} aside={aside}>
      <div className={`queue ${selected ? "has-subject" : ""}`}>
        <div className="queue-list">
          <Filters address={address} onChange={change} />
          {list.error && !list.data && <Failed error={list.error} onRetry={() => list.refetch()} />}
          {list.data && subjects.length === 0 && (
            <NothingWaits address={address} lastDecidedAt={lastDecidedAt} onClear={() => change(DEFAULTS)} />
          )}
          <SubjectList subjects={subjects} selected={address.subject} onSelect={select} />
          {list.data && <Pages {...list.data.pagination} onChange={(page) => change({ page: String(page) })} />}
        </div>
        {selected ? (
          <SubjectPane
            key={address.subject}
            name={selected}
            isFocused={next.isFocused}
            filters={filtersOf(address)}
            onNext={next.claim}
            onBack={() => select(null)}
            onDecided={(decidedAt, following) => {
              setLastDecidedAt(decidedAt);
              next.goOn(following);
            }}
          />
        ) : (
          <NothingSelected isEmpty={next.isEmpty} lastDecidedAt={lastDecidedAt} onNext={next.claim} />
        )}
      </div>
    </Page>
  );
}

type Selecting = { isEmpty: boolean; lastDecidedAt: string | null; onNext: () => void };

function NothingSelected({ isEmpty, lastDecidedAt, onNext }: Selecting) {
  const { queue } = useLanguage().text;
  return (
    <div className="queue-none">
      {isEmpty ? (
        <NothingWaits lastDecidedAt={lastDecidedAt} />
      ) : (
        <>
          <p>{queue.pick}</p>
          <button type="button" onClick={onNext}>
            {queue.nextSubject}
            <Key>n</Key>
          </button>
        </>
      )}
    </div>
  );
}

/** Claims the next subject that is free, and shows it; what was passed over comes no more. */
function useNext(
  selected: SubjectName | null,
  filters: ReturnType<typeof filtersOf>,
  select: (name: SubjectName | null) => void,
) {
  const { fail } = useActions();
  const [skipped, setSkipped] = useState<SubjectName[]>([]);
  const [isFocused, setFocused] = useState(false);
  const [isEmpty, setEmpty] = useState(false);
  const goOn = (following: SubjectName | null | undefined) => {
    setFocused(true);
    setEmpty(following === null);
    select(following ?? null);
  };
  const claim = async () => {
    const skip = selected ? [...skipped, selected].slice(-MAX_SKIPPED) : skipped;
    setSkipped(skip.map(({ targetType, targetId }) => ({ targetType, targetId })));
    try {
      goOn((await api.claimNextSubject({ filters, skip })).next);
    } catch (error) {
      fail(error);
    }
  };
  return { claim, goOn, isFocused, isEmpty };
}
