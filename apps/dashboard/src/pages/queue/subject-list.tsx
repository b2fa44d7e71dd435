import { useEffect, useRef } from "react";
import type { Subject } from "../../api.ts";
import { Badge } from "../../parts/badge.tsx";
import { CategoryBadge } from "../../parts/category-badge.tsx";
import { Age } from "../../parts/time.tsx";
import { Name } from "../../parts/user-text.tsx";
import { useAccount } from "../../session/session.tsx";
import { useText } from "../../text/language.tsx";
import { writeName } from "./subject-name.ts";
import { titleOf } from "./subject-title.ts";

type Props = { subjects: readonly Subject[]; selected: string; onSelect: (subject: Subject) => void };

export function SubjectList({ subjects, selected, onSelect }: Props) {
  const { queue } = useText();
  if (subjects.length === 0) return null;
  return (
    <ul className="card rows" aria-label={queue.list}>
      {subjects.map((subject) => (
        <Row
          key={writeName(subject)}
          subject={subject}
          isSelected={writeName(subject) === selected}
          onSelect={() => onSelect(subject)}
        />
      ))}
    </ul>
  );
}

type RowProps = { subject: Subject; isSelected: boolean; onSelect: () => void };

function Row({ subject, isSelected, onSelect }: RowProps) {
  const text = useText();
  const row = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isSelected) row.current?.scrollIntoView({ block: "nearest" });
  }, [isSelected]);
  return (
    <li>
      <button ref={row} type="button" className="row" aria-current={isSelected || undefined} onClick={onSelect}>
        <span className="row-title">
          <Name>{titleOf(subject, text)}</Name>
          <Age at={subject.oldestAt} />
        </span>
        <span className="row-facts">
          <Badge>{text.targets[subject.targetType]}</Badge>
          <CategoryBadge category={subject.category} />
          {subject.isHidden && <Badge>{text.queue.hidden}</Badge>}
          <Claim subject={subject} />
          <span className="hint">{text.queue.reports(subject.reports)}</span>
        </span>
      </button>
    </li>
  );
}

function Claim({ subject: { claimedBy } }: { subject: Subject }) {
  const { id } = useAccount();
  const { queue } = useText();
  if (!claimedBy) return null;
  return claimedBy.id === id ? <Badge tone="accent">{queue.yours}</Badge> : <Badge>{claimedBy.username}</Badge>;
}
