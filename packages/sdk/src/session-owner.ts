import type { Tokens } from "./token-store.ts";

export type ChangeListener = (userId: number | null) => void;

/** Who a session is for, and who wants to know of it. */
export function createOwner() {
  const listeners = new Set<ChangeListener>();
  /** Of every access token that was seen, whose it was. */
  const owners = new Map<string, number>();
  let userId: number | null = null;
  /** The storage has been found to hold the session of someone else. */
  let isDetached = false;

  function become(next: number | null): void {
    if (next === userId) return;
    userId = next;
    for (const listener of [...listeners]) call(listener, next);
  }

  return {
    get userId() {
      return userId;
    },
    attach(tokens: Tokens | null): void {
      isDetached = false;
      become(tokens?.userId ?? null);
    },
    /** The token of these, if they are the user's; and, where one was `refused`, if that was the same user's. */
    tokenOf(tokens: Tokens | null, refused = ""): string | null {
      if (userId !== null && tokens && tokens.userId !== userId) isDetached = true;
      become(isDetached ? null : (tokens?.userId ?? null));
      if (isDetached || !tokens) return null;
      owners.set(tokens.accessToken, tokens.userId);
      return (owners.get(refused) ?? tokens.userId) === tokens.userId ? tokens.accessToken : null;
    },
    onChange(listener: ChangeListener): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** What a listener throws is not to end what the others, or a request, are about. */
function call(listener: ChangeListener, userId: number | null): void {
  try {
    listener(userId);
  } catch {}
}
