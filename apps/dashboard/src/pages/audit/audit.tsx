import { useQuery } from "@tanstack/react-query";
import { useActions } from "../../actions/actions.tsx";
import { useFilters } from "../../address.ts";
import { type AuditEntry, api } from "../../api.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Choice } from "../../parts/choice.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { Loaded, Received } from "../../parts/loaded.tsx";
import { Page } from "../../parts/page.tsx";
import { Pages } from "../../parts/pages.tsx";
import { TargetLink } from "../../parts/target-link.tsx";
import { Moment } from "../../parts/time.tsx";
import { Name } from "../../parts/user-text.tsx";
import { useAccount } from "../../session/session.tsx";
import { useText } from "../../text/language.tsx";
import { Details } from "./details.tsx";

const DEFAULTS = { by: "all", action: "", type: "", page: "1" };
const TYPES = ["user", "video", "comment", "message", "report"] as const;

export default function AuditLog() {
  const text = useText();
  const { id } = useAccount();
  const [address, change] = useFilters(DEFAULTS, { by: ["all", "me"], type: TYPES });
  const { by, action, type, page } = address;
  const query = useQuery({
    queryKey: ["audit", address],
    queryFn: ({ signal }) =>
      api.listAuditLog(
        {
          ...(by === "me" && { actor: id }),
          ...(action in text.audit.actions && { action }),
          ...(type && { targetType: type }),
          page: Math.max(1, Number.parseInt(page, 10) || 1),
        },
        { signal },
      ),
    placeholderData: (before) => before,
  });
  const filter = (part: Partial<typeof DEFAULTS>) => change({ page: "1", ...part });
  const actions = Object.entries(text.audit.actions);
  return (
    <Page title={text.navigation.audit} aside={<Received query={query} />}>
      <form className="filters wide" aria-label={text.queue.filters} onSubmit={(event) => event.preventDefault()}>
        <Choice
          label={text.audit.by}
          value={by}
          options={[["all", text.audit.byAnyone] as const, ["me", text.audit.byMe] as const]}
          onChange={(value) => filter({ by: value })}
        />
        <Choice
          label={text.audit.action}
          value={action}
          options={[["", text.all] as const, ...actions]}
          onChange={(value) => filter({ action: value })}
        />
        <Choice
          label={text.audit.target}
          value={type}
          options={[["", text.all] as const, ...TYPES.map((each) => [each, text.audit.targets[each]] as const)]}
          onChange={(value) => filter({ type: value })}
        />
      </form>
      <Loaded query={query}>
        {({ entries, pagination }) => (
          <>
            <Entries entries={entries} />
            <Pages {...pagination} onChange={(next) => change({ page: String(next) })} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** What was done, the newest first, and the way back from what can be undone. */
export function Entries({ entries }: { entries: readonly AuditEntry[] }) {
  const text = useText();
  const { audit } = text;
  const nameOf = (action: string) => (audit.actions as Record<string, string>)[action] ?? action;
  const columns: Column<AuditEntry>[] = [
    { name: text.queue.time, cell: ({ createdAt }) => <Moment at={createdAt} /> },
    { name: audit.by, cell: ({ actorUsername }) => <Name>{actorUsername ?? text.system}</Name> },
    { name: audit.action, cell: ({ action }) => nameOf(action) },
    { name: audit.target, cell: (entry) => <TargetLink {...entry} /> },
    { name: audit.details, kind: "wide", cell: ({ details }) => <Details details={details} /> },
    { name: text.toast.undo, cell: (entry) => <UndoCell entry={entry} /> },
  ];
  return <DataTable caption={text.navigation.audit} columns={columns} rows={entries} empty={audit.empty} />;
}

function UndoCell({ entry }: { entry: AuditEntry }) {
  const { audit, toast } = useText();
  const { done, fail } = useActions();
  if (entry.undoneAt) return <Badge>{audit.undone}</Badge>;
  const undo = async () => {
    try {
      const { changed } = await api.undoEntry({ id: entry.id });
      await done(changed ? toast.undone : toast.undoneAlready);
    } catch (error) {
      fail(error);
    }
  };
  return (
    <Button onPress={undo} whyNot={entry.isUndoable ? null : audit.notUndoable}>
      {toast.undo}
    </Button>
  );
}
