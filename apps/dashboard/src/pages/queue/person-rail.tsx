import { Link } from "wouter";
import type { Decision, PersonRecord, Subject, SubjectDetails } from "../../api.ts";
import { formatPercent } from "../../format.ts";
import { Badge } from "../../parts/badge.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Age } from "../../parts/time.tsx";
import { Name } from "../../parts/user-text.tsx";
import { useLanguage, useText } from "../../text/language.tsx";
import { writeName } from "./subject-name.ts";
import { titleOf } from "./subject-title.ts";

/** Whom a subject concerns, and what is known of them. */
export function PersonRail({ subject, others, morePending, decisions }: SubjectDetails & { subject: Subject }) {
  const { queue } = useText();
  return (
    <aside className="rail" aria-label={queue.person}>
      <section className="card">
        <h3>{queue.person}</h3>
        {subject.author ? (
          <Link href={`/users/${subject.author.id}`}>
            <Name>{subject.author.username}</Name>
          </Link>
        ) : (
          <p className="hint">{queue.noPerson}</p>
        )}
        {subject.record && <Record record={subject.record} />}
      </section>
      {morePending > 0 && <Others others={others} count={morePending} />}
      <History decisions={decisions} />
    </aside>
  );
}

function Record({ record }: { record: PersonRecord }) {
  const { text, language } = useLanguage();
  const { queue } = text;
  return (
    <>
      <Facts
        facts={[
          [queue.strikes30, record.strikes30],
          [queue.strikes90, record.strikes90],
          [queue.precision, formatPercent(record.precision, language)],
          [queue.sessions, record.sessions],
          [queue.lastSeen, record.lastSeen ? <Age key="seen" at={record.lastSeen} /> : queue.never],
        ]}
      />
      {record.muted && <Badge tone="warning">{queue.mutedReporter}</Badge>}
    </>
  );
}

function Others({ others, count }: { others: readonly Subject[]; count: number }) {
  const text = useText();
  return (
    <section className="card">
      <h3>{text.queue.morePending(count)}</h3>
      <ul>
        {others.map((other) => (
          <li key={writeName(other)}>
            <Link href={`/queue?subject=${writeName(other)}`}>
              <Name>{titleOf(other, text)}</Name>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function History({ decisions }: { decisions: readonly Decision[] }) {
  const text = useText();
  return (
    <section className="card">
      <h3>{text.queue.history}</h3>
      {decisions.length === 0 && <p className="hint">{text.queue.noHistory}</p>}
      <ul>
        {decisions.map(({ id, verdict, action, targetType, reason, decidedAt, undoneAt }) => (
          <li key={id} className={undoneAt ? "undone" : undefined}>
            <span>
              {action === "none" ? text.verdicts[verdict] : text.actions[action]} · {text.targets[targetType]}
              {undoneAt && ` (${text.queue.undone})`}
            </span>
            <Age at={decidedAt} />
            {reason && <p className="hint">{reason}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}
