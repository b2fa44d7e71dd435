import type { Subject } from "../../api.ts";
import type { Catalogue } from "../../text/en.ts";

/** What a subject is called where there is one line for it. */
export function titleOf({ targetType, targetId, targetInfo, author }: Subject, text: Catalogue): string {
  const { title, content, username } = targetInfo;
  const given = [title, content, username, author?.username].find((each) => typeof each === "string" && each.trim());
  return typeof given === "string" ? given : `${text.targets[targetType]} ${targetId}`;
}
