import { useQuery } from "@tanstack/react-query";
import { useFilters } from "../../address.ts";
import { type Appeal, api } from "../../api.ts";
import { Choice } from "../../parts/choice.tsx";
import { Loaded, Received } from "../../parts/loaded.tsx";
import { Page } from "../../parts/page.tsx";
import { Pages } from "../../parts/pages.tsx";
import { useText } from "../../text/language.tsx";
import { AppealCard } from "./appeal-card.tsx";

const STATUSES = ["pending", "granted", "refused"] as const;
const DEFAULTS = { status: "pending", page: "1" };

export default function Appeals() {
  const text = useText();
  const { appeals } = text;
  const [address, change] = useFilters(DEFAULTS, { status: STATUSES });
  const query = useQuery({
    queryKey: ["appeals", address],
    queryFn: ({ signal }) => {
      const page = Math.max(1, Number.parseInt(address.page, 10) || 1);
      return api.listAppeals({ status: address.status as Appeal["status"], page }, { signal });
    },
    refetchInterval: 60_000,
    placeholderData: (before) => before,
  });
  return (
    <Page title={text.navigation.appeals} aside={<Received query={query} />}>
      <form className="filters wide" aria-label={text.queue.filters} onSubmit={(event) => event.preventDefault()}>
        <Choice
          label={appeals.status}
          value={address.status}
          options={STATUSES.map((each) => [each, appeals.statuses[each]] as const)}
          onChange={(status) => change({ status, page: "1" })}
        />
      </form>
      <Loaded query={query}>
        {(list) => (
          <>
            {list.appeals.length === 0 && <p className="card empty">{appeals.empty}</p>}
            {list.appeals.map((appeal) => (
              <AppealCard key={appeal.id} appeal={appeal} />
            ))}
            <Pages {...list.pagination} onChange={(page) => change({ page: String(page) })} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
