import { useQuery } from "@tanstack/react-query";
import { Link, useRoute } from "wouter";
import { api } from "../api.ts";
import { formatCompact } from "../format.ts";
import { useLanguage, useText } from "../text/language.tsx";
import { Settings } from "./settings.tsx";

const COUNT_EVERY_MS = 30_000;

export function Navigation({ onHelp }: { onHelp: () => void }) {
  const text = useText();
  return (
    <header className="bar">
      <Link href="/" className="brand">
        {text.product}
        <small>{text.moderation}</small>
      </Link>
      <nav aria-label={text.navigation.label}>
        <PageLink href="/" name={text.navigation.overview} />
        <PageLink href="/queue" name={text.navigation.queue} count={useWaiting()} />
        <PageLink href="/appeals" name={text.navigation.appeals} />
        <PageLink href="/users" name={text.navigation.users} />
        <PageLink href="/videos" name={text.navigation.videos} />
        <PageLink href="/reports" name={text.navigation.reports} />
        <PageLink href="/audit" name={text.navigation.audit} />
      </nav>
      <div className="bar-end">
        <button type="button" className="quiet" aria-label={text.keys.help} title={text.keys.help} onClick={onHelp}>
          ?
        </button>
        <Settings />
      </div>
    </header>
  );
}

function PageLink({ href, name, count }: { href: string; name: string; count?: number }) {
  const { language, text } = useLanguage();
  const [isHere] = useRoute(href === "/" ? href : `${href}/*?`);
  return (
    <Link href={href} aria-current={isHere ? "page" : undefined}>
      {name}
      {count ? (
        <>
          <span className="count" aria-hidden="true">
            {formatCompact(count, language)}
          </span>
          <span className="unseen">, {text.navigation.waiting(count)}</span>
        </>
      ) : null}
    </Link>
  );
}

function useWaiting(): number | undefined {
  const query = useQuery({
    queryKey: ["queue", "counts"],
    queryFn: ({ signal }) => api.listQueue({ limit: 1 }, { signal }),
    select: ({ counts }) => counts.pending,
    refetchInterval: COUNT_EVERY_MS,
  });
  return query.data;
}
