import type { AnswerOf } from "@reelay/sdk";
import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "wouter";
import { formatNumber } from "../../format.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { useLanguage } from "../../text/language.tsx";

type Numbers = AnswerOf<"getStatsOverview">;

export function Cards({ query }: { query: UseQueryResult<Numbers> }) {
  return <Loaded query={query}>{(numbers) => <Shown {...numbers} />}</Loaded>;
}

function Shown({ users, videos, reports }: Numbers) {
  const { text, language } = useLanguage();
  const { overview } = text;
  const number = (value: number) => formatNumber(value, language);
  return (
    <div className="cards">
      <Card
        name={overview.users}
        href="/users"
        total={number(users.total)}
        today={overview.today(number(users.new_today))}
        parts={[
          [overview.active, number(users.active_7d)],
          [overview.banned, number(users.banned)],
        ]}
      />
      <Card
        name={overview.videos}
        href="/videos"
        total={number(videos.total)}
        today={overview.today(number(videos.new_today))}
        parts={[
          [overview.public, number(videos.public)],
          [overview.private, number(videos.private)],
        ]}
      />
      <Card
        name={overview.reports}
        href="/reports"
        total={number(reports.total)}
        today={overview.resolvedToday(number(reports.resolved_today))}
        parts={[
          [overview.pending, number(reports.pending)],
          [overview.resolved, number(reports.resolved)],
          [overview.rejected, number(reports.rejected)],
        ]}
      />
    </div>
  );
}

type CardProps = { name: string; href: string; total: string; today: string; parts: [name: string, value: string][] };

function Card({ name, href, total, today, parts }: CardProps) {
  return (
    <section className="card number" aria-label={name}>
      <h2>
        <Link href={href}>{name}</Link>
      </h2>
      <p className="total">
        <strong>{total}</strong> <span>{today}</span>
      </p>
      <ul>
        {parts.map(([part, value]) => (
          <li key={part}>
            <b>{value}</b> {part}
          </li>
        ))}
      </ul>
    </section>
  );
}
