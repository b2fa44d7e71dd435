import type { SubjectName, TargetType } from "../../api.ts";

const TYPES: readonly string[] = ["video", "user", "comment", "message"] satisfies TargetType[];

/** As it stands in the page's address: `video:7`. */
export function writeName({ targetType, targetId }: SubjectName): string {
  return `${targetType}:${targetId}`;
}

/** Null: it names nothing. */
export function readName(text: string): SubjectName | null {
  const [, type = "", id = ""] = text.match(/^([a-z]+):([1-9]\d{0,14})$/) ?? [];
  return TYPES.includes(type) ? { targetType: type as TargetType, targetId: Number(id) } : null;
}
