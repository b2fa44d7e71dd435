import { useQuery } from "@tanstack/react-query";
import { api } from "../../api.ts";
import { formatTime } from "../../format.ts";
import { Page } from "../../parts/page.tsx";
import { useLanguage } from "../../text/language.tsx";
import { Cards } from "./cards.tsx";
import { Charts } from "./charts.tsx";
import { Recent } from "./recent.tsx";

const NUMBERS_EVERY_MS = 60_000;
const ACTIVITY_EVERY_MS = 30_000;

/** Each part asks for itself, and fails for itself. */
export default function Overview() {
  const { text, language } = useLanguage();
  const numbers = useQuery({
    queryKey: ["overview", "numbers"],
    queryFn: ({ signal }) => api.getStatsOverview({}, { signal }),
    refetchInterval: NUMBERS_EVERY_MS,
  });
  const charts = useQuery({
    queryKey: ["overview", "charts"],
    queryFn: ({ signal }) => api.getStatsCharts({}, { signal }),
    refetchInterval: NUMBERS_EVERY_MS,
  });
  const recent = useQuery({
    queryKey: ["overview", "recent"],
    queryFn: ({ signal }) => api.getRecentActivity({ limit: 8 }, { signal }),
    refetchInterval: ACTIVITY_EVERY_MS,
  });
  const updated = numbers.data && formatTime(numbers.data.generated_at, language, numbers.data.timezone);
  return (
    <Page title={text.overview.title} aside={updated && <p className="hint">{text.updatedAt(updated)}</p>}>
      <Cards query={numbers} />
      <Charts query={charts} />
      <Recent query={recent} />
    </Page>
  );
}
