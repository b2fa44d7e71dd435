import { useEffect, useState } from "react";
import { formatAge, formatMoment } from "../format.ts";
import { useLanguage } from "../text/language.tsx";

const REFRESH_MS = 30_000;

/** How long ago something was; when exactly is its title. */
export function Age({ at }: { at: string }) {
  const { language } = useLanguage();
  return (
    <time dateTime={at} title={formatMoment(at, language)}>
      {formatAge(at, useNowMs(), language)}
    </time>
  );
}

export function Moment({ at }: { at: string }) {
  const { language } = useLanguage();
  return <time dateTime={at}>{formatMoment(at, language)}</time>;
}

function useNowMs(): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}
