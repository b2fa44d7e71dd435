import type { AnswerOf } from "@reelay/sdk";
import type { UseQueryResult } from "@tanstack/react-query";
import { Loaded } from "../../parts/loaded.tsx";
import { useText } from "../../text/language.tsx";
import { BarChart } from "./bar-chart.tsx";

type Weeks = AnswerOf<"getStatsCharts">;

export function Charts({ query }: { query: UseQueryResult<Weeks> }) {
  const { overview } = useText();
  return (
    <section aria-label={overview.week}>
      <h2>{overview.week}</h2>
      <Loaded query={query}>{(weeks) => <Shown {...weeks} />}</Loaded>
    </section>
  );
}

function Shown({ users_chart, videos_chart, reports_chart, engagement_chart }: Weeks) {
  const { overview } = useText();
  const days = users_chart.map(({ date }) => date);
  return (
    <div className="charts">
      <BarChart
        title={overview.users}
        days={days}
        series={[
          { name: overview.newUsers, values: users_chart.map(({ count }) => count) },
          { name: overview.activeUsers, values: users_chart.map(({ active }) => active) },
        ]}
      />
      <BarChart
        title={overview.videos}
        days={days}
        series={[
          { name: overview.newVideos, values: videos_chart.map(({ count }) => count) },
          { name: overview.views, values: videos_chart.map(({ views }) => views) },
        ]}
      />
      <BarChart
        title={overview.reports}
        days={days}
        series={[
          { name: overview.pending, values: reports_chart.map(({ pending }) => pending) },
          { name: overview.resolved, values: reports_chart.map(({ resolved }) => resolved) },
          { name: overview.rejected, values: reports_chart.map(({ rejected }) => rejected) },
        ]}
      />
      <BarChart
        title={overview.engagement}
        days={days}
        series={[
          { name: overview.likes, values: engagement_chart.map(({ likes }) => likes) },
          { name: overview.comments, values: engagement_chart.map(({ comments }) => comments) },
          { name: overview.follows, values: engagement_chart.map(({ follows }) => follows) },
        ]}
      />
    </div>
  );
}
