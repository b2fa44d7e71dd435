/** A name after an @ that does not stand inside a word, as e-mail addresses have it. */
const MENTION = /(?<![\p{L}\p{N}_@.])@([a-zA-Z0-9._]{3,30})(?![\p{L}\p{N}_])/gu;

/** The usernames a text mentions, folded to lower case, each once, at most `most`. A dot at the end ends the sentence. */
export function mentionsOf(content: string, most: number): string[] {
  const names = [...content.matchAll(MENTION)].map(([, name]) => name!.replace(/\.+$/, "").toLowerCase());
  return [...new Set(names)].filter((name) => name.length >= 3).slice(0, most);
}
