import type { AnswerOf } from "@reelay/sdk";
import { useQuery } from "@tanstack/react-query";
import { api } from "../../api.ts";
import { Notes } from "../../notes/notes.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Loaded, Received } from "../../parts/loaded.tsx";
import { Page } from "../../parts/page.tsx";
import { TargetLink } from "../../parts/target-link.tsx";
import { Moment } from "../../parts/time.tsx";
import { Name, UserText } from "../../parts/user-text.tsx";
import { useText } from "../../text/language.tsx";
import { Entries } from "../audit/audit.tsx";
import { Evidence } from "../queue/evidence.tsx";
import { Reported, ReportState } from "./reported.tsx";

type Details = AnswerOf<"getAdminReport">;

export default function ReportPage({ params }: { params: { id: string } }) {
  const id = Number(params.id);
  const { reports } = useText();
  const query = useQuery({ queryKey: ["report", id], queryFn: ({ signal }) => api.getAdminReport({ id }, { signal }) });
  return (
    <Page title={reports.title(id)} aside={<Received query={query} />}>
      <Loaded query={query}>{(details) => <Shown {...details} />}</Loaded>
    </Page>
  );
}

function Shown({ report, reporter, snapshot, siblings, history }: Details) {
  const text = useText();
  const { reports } = text;
  return (
    <div className="details-body">
      <div className="subject-main">
        <section className="card evidence" aria-label={reports.reason}>
          <ReportState report={report} />
          <UserText>{report.details ? `${report.reason}\n${report.details}` : report.reason}</UserText>
        </section>
        <Evidence targetType={report.targetType} snapshot={snapshot} />
        <Reported title={reports.siblings} reports={siblings} />
        <section aria-label={reports.history}>
          <h2>{reports.history}</h2>
          <Entries entries={history} />
        </section>
      </div>
      <aside className="rail">
        <section className="card">
          <Facts
            facts={[
              [reports.on, <TargetLink key="on" {...report} />],
              [reports.by, reporter ? <Name key="by">{reporter.username}</Name> : text.notShown],
              [text.queue.time, <Moment key="time" at={report.createdAt} />],
              ...(report.result ? [[reports.result, report.result] as const] : []),
            ]}
          />
        </section>
        <Notes target={{ targetType: "report", targetId: report.id }} />
      </aside>
    </div>
  );
}
