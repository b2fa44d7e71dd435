import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useActions } from "../../actions/actions.tsx";
import { useFilters } from "../../address.ts";
import { api, type Video } from "../../api.ts";
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

const STATES = ["all", "public", "private", "deleted", "any"] as const;
const SORTS = ["created_at", "views", "likes", "comments"] as const;
const DEFAULTS = { search: "", visibility: "all", created: "", sort: "created_at", page: "1" };

export default function Videos() {
  const { text, language } = useLanguage();
  const [, navigate] = useLocation();
  const selection = useSelection();
  const [address, change] = useFilters(DEFAULTS, { visibility: STATES, created: ["today"], sort: SORTS });
  const query = useQuery({
    queryKey: ["videos", address],
    queryFn: ({ signal }) => api.listAdminVideos(queryOf(address), { signal }),
    placeholderData: (before) => before,
  });
  const { videos, overview } = text;
  const amount = (name: string, of: (video: Video) => number): Column<Video> => {
    return { name, kind: "amount", cell: (video) => formatNumber(of(video), language) };
  };
  const columns: Column<Video>[] = [
    { name: videos.title, kind: "wide", cell: (video) => <Title video={video} /> },
    { name: videos.owner, cell: ({ ownerId, ownerUsername }) => <Owner id={ownerId} name={ownerUsername} /> },
    { name: videos.state, cell: (video) => <VideoState video={video} /> },
    amount(overview.views, ({ views }) => views),
    amount(overview.likes, ({ likes }) => likes),
    amount(overview.comments, ({ comments }) => comments),
    { name: videos.published, cell: ({ createdAt }) => <Age at={createdAt} /> },
  ];
  return (
    <Page title={text.navigation.videos} aside={<Received query={query} />}>
      <VideoFilters address={address} onChange={(part) => change({ page: "1", ...part })} />
      <BulkDelete ids={[...selection.ids]} onDone={selection.clear} />
      <Loaded query={query}>
        {(list) => (
          <>
            <DataTable
              caption={text.navigation.videos}
              columns={columns}
              rows={list.videos}
              empty={text.lists.empty}
              selection={selection}
              onOpen={({ id }) => navigate(`/videos/${id}`)}
            />
            <Pages {...list.pagination} onChange={(page) => change({ page: String(page) })} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function queryOf({ search, visibility, created, sort, page }: typeof DEFAULTS) {
  return {
    search,
    visibility: visibility as (typeof STATES)[number],
    ...(created && { created: "today" as const }),
    sortBy: sort as (typeof SORTS)[number],
    page: Math.max(1, Number.parseInt(page, 10) || 1),
  };
}

type FilterProps = { address: typeof DEFAULTS; onChange: (part: Partial<typeof DEFAULTS>) => void };

function VideoFilters({ address, onChange }: FilterProps) {
  const { videos, lists } = useText();
  return (
    <div className="filters wide">
      <SearchBox value={address.search} onChange={(search) => onChange({ search })} />
      <Choice
        label={lists.status}
        value={address.visibility}
        options={STATES.map((each) => [each, videos.states[each]] as const)}
        onChange={(visibility) => onChange({ visibility })}
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
        options={SORTS.map((each) => [each, videos.sorts[each]] as const)}
        onChange={(sort) => onChange({ sort })}
      />
    </div>
  );
}

/** Deletes every video that is marked; what fails for one does not fail for the others. */
function BulkDelete({ ids, onDone }: { ids: number[]; onDone: () => void }) {
  const { lists, videos } = useText();
  const { done } = useActions();
  const [isAsking, setAsking] = useState(false);
  const whyNot = ids.length === 0 ? lists.why : null;
  const ask = () => setAsking(whyNot === null);
  useKeys({ d: ask });
  return (
    <div className="bulk">
      <Button onPress={ask} shortcut="d" tone="danger" whyNot={whyNot}>
        {videos.delete}
      </Button>
      <span className="hint">{ids.length > 0 && lists.selected(ids.length)}</span>
      {isAsking && (
        <DecisionDialog
          verb="delete"
          hasReporters={false}
          onClose={() => setAsking(false)}
          onConfirm={async ({ reason }) => {
            const { results } = await api.actOnVideos({ ids, action: "delete", reason });
            const failed = results.filter(({ ok }) => !ok).length;
            onDone();
            await done(lists.done(results.length - failed, failed));
          }}
        />
      )}
    </div>
  );
}

function Title({ video: { id, title } }: { video: Video }) {
  return (
    <Link href={`/videos/${id}`}>
      <Name>{title}</Name>
    </Link>
  );
}

export function Owner({ id, name }: { id: number; name: string }) {
  return (
    <Link href={`/users/${id}`}>
      <Name>{name}</Name>
    </Link>
  );
}

export function VideoState({ video: { visibility, deletedAt } }: { video: Video }) {
  const { videos } = useText();
  if (deletedAt) return <Badge tone="danger">{videos.deleted}</Badge>;
  return <Badge>{visibility === "public" ? videos.states.public : videos.states.private}</Badge>;
}
