import { Link } from "wouter";
import { useText } from "../text/language.tsx";

/** Which kinds of things have a page of their own. */
const PAGES: Record<string, string> = { user: "/users", video: "/videos", report: "/reports" };

export function TargetLink({ targetType, targetId }: { targetType: string; targetId: number }) {
  const { audit } = useText();
  const name = `${(audit.targets as Record<string, string>)[targetType] ?? targetType} ${targetId}`;
  const page = PAGES[targetType];
  return page ? <Link href={`${page}/${targetId}`}>{name}</Link> : <span>{name}</span>;
}
