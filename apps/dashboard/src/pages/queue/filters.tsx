import type { ArgumentsOf } from "@reelay/sdk";
import { Choice } from "../../parts/choice.tsx";
import { useText } from "../../text/language.tsx";

/** What the page shows, as its address has it. */
export const DEFAULTS = { type: "", category: "", claimed: "all", sort: "priority", page: "1", subject: "" };
export type QueueAddress = typeof DEFAULTS;

const TYPES = ["video", "user", "comment", "message"] as const;
const CATEGORIES = ["minors", "self_harm", "violence", "hate", "sexual", "harassment", "spam", "other"] as const;
const CLAIMED = ["all", "me", "nobody"] as const;
const SORTS = ["priority", "oldest", "newest"] as const;

export const ALLOWED = { type: TYPES, category: CATEGORIES, claimed: CLAIMED, sort: SORTS };

/** What the address says, as the list is asked for. */
export function queryOf({ type, category, claimed, sort, page }: QueueAddress): ArgumentsOf<"listQueue"> {
  return {
    ...filtersOf({ type, category }),
    claimed: claimed as (typeof CLAIMED)[number],
    sortBy: sort as (typeof SORTS)[number],
    page: Math.max(1, Number.parseInt(page, 10) || 1),
  };
}

/** Which subjects may come next. */
export function filtersOf({ type, category }: Pick<QueueAddress, "type" | "category">) {
  return {
    ...(type && { targetType: type as (typeof TYPES)[number] }),
    ...(category && { category: category as (typeof CATEGORIES)[number] }),
  };
}

type Props = { address: QueueAddress; onChange: (part: Partial<QueueAddress>) => void };

export function Filters({ address, onChange }: Props) {
  const { queue, targets, categories, all } = useText();
  const change = (part: Partial<QueueAddress>) => onChange({ page: "1", ...part });
  return (
    <form className="filters" aria-label={queue.filters} onSubmit={(event) => event.preventDefault()}>
      <Choice
        label={queue.type}
        value={address.type}
        options={[["", all], ...TYPES.map((each) => [each, targets[each]] as const)]}
        onChange={(type) => change({ type })}
      />
      <Choice
        label={queue.category}
        value={address.category}
        options={[["", all], ...CATEGORIES.map((each) => [each, categories[each]] as const)]}
        onChange={(category) => change({ category })}
      />
      <Choice
        label={queue.claimed}
        value={address.claimed}
        options={CLAIMED.map((each) => [each, queue.claimedBy[each]] as const)}
        onChange={(claimed) => change({ claimed })}
      />
      <Choice
        label={queue.sort}
        value={address.sort}
        options={SORTS.map((each) => [each, queue.sorts[each]] as const)}
        onChange={(sort) => change({ sort })}
      />
    </form>
  );
}
