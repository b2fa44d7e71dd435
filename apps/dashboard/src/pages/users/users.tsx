import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useActions } from "../../actions/actions.tsx";
import { useFilters } from "../../address.ts";
import { api, type User } from "../../api.ts";
import { DecisionDialog } from "../../decisions/decision-dialog.tsx";
import { formatNumber } from "../../format.ts";
import { useKeys } from "../../keys/keys.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Choice } from "../../parts/choice.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { Loaded, Received } from "../../parts/loaded.tsx";
import { Page } from "../../parts/page.tsx";
import { Pages } from "../../parts/pages.tsx";
import { SearchBox } from "../../parts/search-box.tsx";
import { useSelection } from "../../parts/selection.ts";
import { Age } from "../../parts/time.tsx";
import { Name } from "../../parts/user-text.tsx";
import { useLanguage, useText } from "../../text/language.tsx";

const STATUSES = ["all", "active", "banned", "any"] as const;
const SORTS = ["created_at", "username", "follower_count"] as const;
const DEFAULTS = { search: "", status: "all", created: "", sort: "created_at", page: "1" };

export default function Users() {
  const { text, language } = useLanguage();
  const [, navigate] = useLocation();
  const selection = useSelection();
  const [address, change] = useFilters(DEFAULTS, { status: STATUSES, created: ["today"], sort: SORTS });
  const query = useQuery({
    queryKey: ["users", address],
    queryFn: ({ signal }) => api.listAdminUsers(queryOf(address), { signal }),
    placeholderData: (before) => before,
  });
  const { users, lists } = text;
  const columns: Column<User>[] = [
    { name: users.name, kind: "wide", cell: (user) => <UserName user={user} /> },
    { name: users.email, cell: ({ email }) => email && <Name>{email}</Name> },
    { name: users.state, cell: (user) => <UserState user={user} /> },
    { name: users.followers, kind: "amount", cell: ({ followerCount }) => formatNumber(followerCount, language) },
    { name: users.videos, kind: "amount", cell: ({ videoCount }) => formatNumber(videoCount, language) },
    { name: users.joined, cell: ({ createdAt }) => <Age at={createdAt} /> },
  ];
  return (
    <Page title={text.navigation.users} aside={<Received query={query} />}>
      <UserFilters address={address} onChange={(part) => change({ page: "1", ...part })} />
      <BulkBan ids={[...selection.ids]} onDone={selection.clear} />
      <Loaded query={query}>
        {(list) => (
          <>
            <DataTable
              caption={text.navigation.users}
              columns={columns}
              rows={list.users}
              empty={lists.empty}
              selection={selection}
              onOpen={({ id }) => navigate(`/users/${id}`)}
            />
            <Pages {...list.pagination} onChange={(page) => change({ page: String(page) })} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function queryOf({ search, status, created, sort, page }: typeof DEFAULTS) {
  const sortBy = sort as (typeof SORTS)[number];
  return {
    search,
    sortBy,
    status: status as (typeof STATUSES)[number],
    ...(created && { created: "today" as const }),
    // A name is looked up from the beginning of the alphabet.
    order: sortBy === "username" ? ("asc" as const) : ("desc" as const),
    page: Math.max(1, Number.parseInt(page, 10) || 1),
  };
}

type FilterProps = { address: typeof DEFAULTS; onChange: (part: Partial<typeof DEFAULTS>) => void };

function UserFilters({ address, onChange }: FilterProps) {
  const { users, lists } = useText();
  return (
    <div className="filters wide">
      <SearchBox value={address.search} onChange={(search) => onChange({ search })} />
      <Choice
        label={lists.status}
        value={address.status}
        options={STATUSES.map((each) => [each, users.statuses[each]] as const)}
        onChange={(status) => onChange({ status })}
      />
      <Choice
        label={lists.created}
        value={address.created}
        options={[["", lists.anyTime] as const, ["today", lists.today] as const]}
        onChange={(created) => onChange({ created })}
      />
      <Choice
        label={lists.sort}
        value={address.sort}
        options={SORTS.map((each) => [each, users.sorts[each]] as const)}
        onChange={(sort) => onChange({ sort })}
      />
    </div>
  );
}

/** Bans everybody who is marked; what fails for one does not fail for the others. */
function BulkBan({ ids, onDone }: { ids: number[]; onDone: () => void }) {
  const { lists, users } = useText();
  const { done } = useActions();
  const [isAsking, setAsking] = useState(false);
  const whyNot = ids.length === 0 ? lists.why : null;
  const ask = () => setAsking(whyNot === null);
  useKeys({ b: ask });
  return (
    <div className="bulk">
      <Button onPress={ask} shortcut="b" tone="danger" whyNot={whyNot}>
        {users.ban}
      </Button>
      <span className="hint">{ids.length > 0 && lists.selected(ids.length)}</span>
      {isAsking && (
        <DecisionDialog
          verb="ban"
          hasReporters={false}
          isForGood
          onClose={() => setAsking(false)}
          onConfirm={async ({ reason }) => {
            const { results } = await api.actOnUsers({ ids, action: "ban", reason });
            const failed = results.filter(({ ok }) => !ok).length;
            onDone();
            await done(lists.done(results.length - failed, failed));
          }}
        />
      )}
    </div>
  );
}

function UserName({ user: { id, username, fullName, isVerified } }: { user: User }) {
  const { users } = useText();
  return (
    <span className="row-facts">
      <Link href={`/users/${id}`}>
        <Name>{username}</Name>
      </Link>
      {isVerified && <Badge tone="good">{users.verified}</Badge>}
      {fullName && (
        <span className="hint">
          <Name>{fullName}</Name>
        </span>
      )}
    </span>
  );
}

export function UserState({ user: { role, isBanned, banReason } }: { user: User }) {
  const { roles, actions } = useText();
  return (
    <span className="row-facts" title={banReason ?? undefined}>
      {isBanned && <Badge tone="danger">{actions.ban}</Badge>}
      {role !== "user" && <Badge tone="accent">{roles[role]}</Badge>}
    </span>
  );
}
