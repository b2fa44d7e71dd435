import { useSearchParams } from "wouter";

type Filters = Record<string, string>;

/**
 * What a page shows, kept in its address. A value that is the default is left out; of those with a list of what is
 * allowed, another one counts as the default.
 */
export function useFilters<F extends Filters>(
  defaults: F,
  allowed: { [Name in keyof F]?: readonly string[] } = {},
): [F, (part: Partial<F>) => void] {
  const [search, setSearch] = useSearchParams();
  const entries = Object.entries(defaults).map(([name, otherwise]) => {
    const given = search.get(name);
    const isKnown = given !== null && (allowed[name]?.includes(given) ?? true);
    return [name, isKnown ? given : otherwise];
  });
  const change = (part: Partial<F>) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(part)) {
          if (value === undefined || value === defaults[name]) next.delete(name);
          else next.set(name, value);
        }
        return next;
      },
      { replace: true },
    );
  return [Object.fromEntries(entries), change];
}
