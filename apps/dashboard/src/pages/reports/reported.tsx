import { Link } from "wouter";
import type { Report } from "../../api.ts";
import { Badge } from "../../parts/badge.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { TargetLink } from "../../parts/target-link.tsx";
import { Age } from "../../parts/time.tsx";
import { Name } from "../../parts/user-text.tsx";
import { useText } from "../../text/language.tsx";

type Props = { title: string; reports: readonly Report[]; onOpen?: (report: Report) => void };

/** Reports, each with the way to decide it while it is pending. */
export function Reported({ title, reports, onOpen }: Props) {
  const text = useText();
  const columns: Column<Report>[] = [
    { name: text.reports.on, cell: (report) => <TargetLink {...report} /> },
    { name: text.reports.reason, kind: "wide", cell: (report) => <Reason report={report} /> },
    {
      name: text.reports.by,
      cell: ({ reporterUsername: name }) =>
        name ? <Name>{name}</Name> : <span className="hint">{text.notShown}</span>,
    },
    { name: text.reports.state, cell: (report) => <ReportState report={report} /> },
    { name: text.queue.time, cell: ({ createdAt }) => <Age at={createdAt} /> },
  ];
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <DataTable caption={title} columns={columns} rows={reports} empty={text.lists.empty} onOpen={onOpen} />
    </section>
  );
}

function Reason({ report: { id, reason } }: { report: Report }) {
  const { reports } = useText();
  return (
    <Link href={`/reports/${id}`}>
      <Name>{reason.trim() || reports.title(id)}</Name>
    </Link>
  );
}

export function ReportState({ report: { status, targetType, targetId } }: { report: Report }) {
  const { statuses, reports } = useText();
  if (status !== "pending") return <Badge tone={status === "resolved" ? "good" : "plain"}>{statuses[status]}</Badge>;
  return (
    <span className="row-facts">
      <Badge tone="warning">{statuses.pending}</Badge>
      <Link href={`/queue?subject=${targetType}:${targetId}`}>{reports.decide}</Link>
    </span>
  );
}
