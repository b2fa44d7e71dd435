import type { StaffReport } from "../../api.ts";
import { CategoryBadge } from "../../parts/category-badge.tsx";
import { Age } from "../../parts/time.tsx";
import { Name, UserText } from "../../parts/user-text.tsx";
import { useText } from "../../text/language.tsx";

export function ReportTable({ reports }: { reports: readonly StaffReport[] }) {
  const { queue, notShown } = useText();
  return (
    <div className="card table">
      <table>
        <caption className="unseen">{queue.otherReports}</caption>
        <thead>
          <tr>
            <th scope="col">{queue.category}</th>
            <th scope="col">{queue.reason}</th>
            <th scope="col">{queue.reporter}</th>
            <th scope="col">{queue.time}</th>
          </tr>
        </thead>
        <tbody>
          {reports.map(({ id, category, reason, description, reporterUsername, createdAt }) => (
            <tr key={id}>
              <td>
                <CategoryBadge category={category} />
              </td>
              <td className="wide">
                <UserText>{description ? `${reason}\n${description}` : reason}</UserText>
              </td>
              <td>{reporterUsername ? <Name>{reporterUsername}</Name> : <span className="hint">{notShown}</span>}</td>
              <td>
                <Age at={createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
