import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api, codeOf, type Decision, type Subject, type SubjectDetails, type SubjectName } from "../../api.ts";
import { formatTime } from "../../format.ts";
import { Badge } from "../../parts/badge.tsx";
import { CategoryBadge } from "../../parts/category-badge.tsx";
import { Key } from "../../parts/key.tsx";
import { Loaded, Received } from "../../parts/loaded.tsx";
import { Age } from "../../parts/time.tsx";
import { useLanguage, useText } from "../../text/language.tsx";
import { Evidence } from "./evidence.tsx";
import { PersonRail } from "./person-rail.tsx";
import { ReportTable } from "./report-table.tsx";
import { type Following, SubjectActions } from "./subject-actions.tsx";
import { writeName } from "./subject-name.ts";
import { titleOf } from "./subject-title.ts";

const SUBJECT_EVERY_MS = 30_000;

type Props = {
  name: SubjectName;
  /** Whether its heading takes the focus: it was gone on to, not looked at in passing. */
  isFocused: boolean;
  filters: object;
  onNext: () => void;
  onBack: () => void;
  /** `following`: the subject to go on with; null: nothing waits; undefined: none was asked for. */
  onDecided: (decidedAt: string, following: Following) => void;
};

export function SubjectPane(props: Props) {
  const { name, onNext, onBack } = props;
  const text = useText();
  const [others, setOthers] = useState<Decision | null>(null);
  const query = useQuery({
    queryKey: ["queue", "subject", writeName(name)],
    queryFn: ({ signal }) => api.getSubject(name, { signal }),
    refetchInterval: SUBJECT_EVERY_MS,
  });
  const isUnknown = codeOf(query.error) === "SUBJECT_NOT_FOUND";
  return (
    <article className="subject">
      <button type="button" className="link back" onClick={onBack}>
        ‹ {text.queue.title}
      </button>
      {others || isUnknown ? (
        <Gone decision={others} onNext={onNext} />
      ) : (
        <Loaded query={query}>
          {({ subject, ...rest }) =>
            subject ? (
              <Shown {...props} details={{ ...rest, subject }} query={query} onOvertaken={setOthers} />
            ) : (
              <Gone decision={standingOn(name, rest.decisions)} onNext={onNext} />
            )
          }
        </Loaded>
      )}
    </article>
  );
}

/** The newest decision about the target itself that was not undone. */
function standingOn({ targetType, targetId }: SubjectName, decisions: readonly Decision[]): Decision | null {
  const isMeant = (each: Decision) => each.targetType === targetType && each.targetId === targetId && !each.undoneAt;
  return decisions.find(isMeant) ?? null;
}

type ShownProps = Props & {
  details: SubjectDetails & { subject: Subject };
  query: { dataUpdatedAt: number };
  onOvertaken: (decision: Decision) => void;
};

function Shown({ details, query, isFocused, filters, onNext, onDecided, onOvertaken }: ShownProps) {
  const text = useText();
  const { subject } = details;
  return (
    <>
      <SubjectHeader subject={subject} isFocused={isFocused} />
      <SubjectActions
        subject={subject}
        can={details.can}
        filters={filters}
        onNext={onNext}
        onDecided={onDecided}
        onOvertaken={onOvertaken}
      />
      <div className="subject-body">
        <div className="subject-main">
          <Evidence targetType={subject.targetType} snapshot={details.snapshot} />
          <section aria-label={text.queue.otherReports}>
            <h3>{text.queue.otherReports}</h3>
            <ReportTable reports={details.reports} />
          </section>
        </div>
        <PersonRail {...details} />
      </div>
      <Received query={query} />
    </>
  );
}

function SubjectHeader({ subject, isFocused }: { subject: Subject; isFocused: boolean }) {
  const text = useText();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (isFocused) heading.current?.focus({ preventScroll: true });
  }, [isFocused]);
  const counted = Object.entries(subject.categories) as [typeof subject.category, number][];
  return (
    <header>
      <h2 ref={heading} tabIndex={-1} dir="auto">
        <bdi>{titleOf(subject, text)}</bdi>
      </h2>
      <p className="row-facts">
        <Badge>{text.targets[subject.targetType]}</Badge>
        {counted.map(([category, count]) => (
          <CategoryBadge key={category} category={category} count={count} />
        ))}
        {subject.isHidden && <Badge>{text.queue.hidden}</Badge>}
        <span className="hint">
          {text.queue.reportedBy(subject.reports)}, <Age at={subject.oldestAt} />
        </span>
      </p>
    </header>
  );
}

/** Somebody was faster; what they decided, if it is known. */
function Gone({ decision, onNext }: { decision: Decision | null; onNext: () => void }) {
  const { text, language } = useLanguage();
  const by = decision?.decidedBy?.username ?? text.system;
  return (
    <div className="gone" role="alert">
      {decision ? (
        <>
          <p>{text.queue.decidedBy(by, formatTime(decision.decidedAt, language))}</p>
          <p>
            <Badge tone="accent">{text.verdicts[decision.verdict]}</Badge>{" "}
            {decision.action !== "none" && <Badge>{text.actions[decision.action]}</Badge>} {decision.reason}
          </p>
        </>
      ) : (
        <p>{text.queue.gone}</p>
      )}
      <button type="button" className="primary" onClick={onNext}>
        {text.queue.nextSubject}
        <Key>n</Key>
      </button>
    </div>
  );
}
