import type { AnswerOf } from "@reelay/sdk";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { Badge } from "../../parts/badge.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { Age } from "../../parts/time.tsx";
import { Name } from "../../parts/user-text.tsx";
import { useText } from "../../text/language.tsx";

type Activity = AnswerOf<"getRecentActivity">;

export function Recent({ query }: { query: UseQueryResult<Activity> }) {
  const { overview } = useText();
  return (
    <section aria-label={overview.recent}>
      <h2>{overview.recent}</h2>
      <Loaded query={query}>{(activity) => <Shown {...activity} />}</Loaded>
    </section>
  );
}

function Shown({ recent_users, recent_videos, recent_reports }: Activity) {
  const { overview } = useText();
  return (
    <div className="columns">
      <List title={overview.recentReports}>
        {recent_reports.map((report) => (
          <ReportRow key={report.id} {...report} />
        ))}
      </List>
      <List title={overview.recentVideos}>
        {recent_videos.map((video) => (
          <VideoRow key={video.id} {...video} />
        ))}
      </List>
      <List title={overview.recentUsers}>
        {recent_users.map((user) => (
          <UserRow key={user.id} {...user} />
        ))}
      </List>
    </div>
  );
}

function List({ title, children }: { title: string; children: ReactNode[] }) {
  const { overview } = useText();
  return (
    <section className="card list">
      <h3>{title}</h3>
      {children.length > 0 ? <ul>{children}</ul> : <p className="empty">{overview.nothingYet}</p>}
    </section>
  );
}

function ReportRow({ id, targetType, targetId, reason, status, createdAt }: Activity["recent_reports"][number]) {
  const { targets, statuses, overview } = useText();
  return (
    <li>
      <Badge>{targets[targetType]}</Badge>
      <Link href={`/reports/${id}`}>
        <Name>{reason}</Name>
      </Link>
      {status === "pending" ? (
        <Link href={`/queue?subject=${targetType}:${targetId}`}>{overview.decide}</Link>
      ) : (
        <span className="hint">{statuses[status]}</span>
      )}
      <Age at={createdAt} />
    </li>
  );
}

function VideoRow({ id, title, ownerName, createdAt }: Activity["recent_videos"][number]) {
  const { overview } = useText();
  return (
    <li>
      <Link href={`/videos/${id}`}>
        <Name>{title}</Name>
      </Link>
      <span className="hint">{overview.by(ownerName)}</span>
      <Age at={createdAt} />
    </li>
  );
}

function UserRow({ id, username, email, createdAt }: Activity["recent_users"][number]) {
  return (
    <li>
      <Link href={`/users/${id}`}>
        <Name>{username}</Name>
      </Link>
      {email && (
        <span className="hint">
          <Name>{email}</Name>
        </span>
      )}
      <Age at={createdAt} />
    </li>
  );
}
