import { useQuery } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { useFilters } from "../../address.ts";
import { api, type TargetType } from "../../api.ts";
import { Choice } from "../../parts/choice.tsx";
import { Loaded, Received } from "../../parts/loaded.tsx";
import { Page } from "../../parts/page.tsx";
import { Pages } from "../../parts/pages.tsx";
import { useText } from "../../text/language.tsx";
import { Reported } from "./reported.tsx";

const STATUSES = ["all", "pending", "resolved", "rejected"] as const;
const TYPES = ["video", "user", "comment", "message"] as const satisfies readonly TargetType[];
const DEFAULTS = { status: "all", type: "", page: "1" };

export default function Reports() {
  const text = useText();
  const [, navigate] = useLocation();
  const [address, change] = useFilters(DEFAULTS, { status: STATUSES, type: TYPES });
  const query = useQuery({
    queryKey: ["reports", address],
    queryFn: ({ signal }) => api.listAdminReports(queryOf(address), { signal }),
    placeholderData: (before) => before,
  });
  return (
    <Page title={text.navigation.reports} aside={<Received query={query} />}>
      <form className="filters wide" aria-label={text.queue.filters} onSubmit={(event) => event.preventDefault()}>
        <Choice
          label={text.lists.status}
          value={address.status}
          options={STATUSES.map((each) => [each, text.reports.statuses[each]] as const)}
          onChange={(status) => change({ status, page: "1" })}
        />
        <Choice
          label={text.queue.type}
          value={address.type}
          options={[["", text.all] as const, ...TYPES.map((each) => [each, text.targets[each]] as const)]}
          onChange={(type) => change({ type, page: "1" })}
        />
      </form>
      <Loaded query={query}>
        {({ reports, pagination }) => (
          <>
            <Reported
              title={text.navigation.reports}
              reports={reports}
              onOpen={({ id }) => navigate(`/reports/${id}`)}
            />
            <Pages {...pagination} onChange={(page) => change({ page: String(page) })} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function queryOf({ status, type, page }: typeof DEFAULTS) {
  return {
    status: status as (typeof STATUSES)[number],
    ...(type && { targetType: type as TargetType }),
    page: Math.max(1, Number.parseInt(page, 10) || 1),
  };
}
