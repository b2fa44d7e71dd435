import { ReelayError } from "./error.ts";
import { withLock } from "./lock.ts";
import { type AnswerOf, callOnce } from "./operation.ts";
import { isTokenRefused } from "./token-source.ts";
import { parseTokens, type TokenStore, type Tokens } from "./token-store.ts";
import type { Target } from "./transport.ts";

const LOCK_WAIT_MS = 5000;
const REFRESH_TIMEOUT_MS = 8000;

/**
 * Exchanges the stored tokens when they are those of the `refused` one, and returns what is stored then. However many
 * ask at once, it is done once: in other tabs, too, if `lockName` says what they share.
 */
export function createRefresher(target: Target, store: TokenStore, lockName: string | undefined) {
  const refreshing = new Map<string, Promise<Tokens | null>>();
  return (refused: string): Promise<Tokens | null> => {
    const pending = refreshing.get(refused);
    if (pending) return pending;
    const work = () => refreshStored(target, store, refused);
    const refresh = (lockName ? withLock(lockName, LOCK_WAIT_MS, work) : work()).finally(() =>
      refreshing.delete(refused),
    );
    refreshing.set(refused, refresh);
    return refresh;
  };
}

async function refreshStored(target: Target, store: TokenStore, refused: string): Promise<Tokens | null> {
  const used = await store.read();
  // Another tab has done it meanwhile.
  if (used?.accessToken !== refused) return used;
  const fresh = await exchange(target, used);
  // Whoever logged out or in meanwhile, or was faster, is not to be overruled.
  return await store.change((stored) => (stored?.refreshToken === used.refreshToken ? fresh : undefined));
}

/** New tokens, or null when the server takes the old ones no more. */
export async function exchange(target: Target, { refreshToken }: Tokens): Promise<Tokens | null> {
  try {
    return await inTime(async (signal) => {
      const { data } = await callOnce(target, "refreshTokens", { refreshToken }, { signal });
      return tokensOf(data);
    });
  } catch (error) {
    // Something is stored that never was a token of the server.
    const isNone = error instanceof ReelayError && error.code === "VALIDATION_ERROR";
    if (isNone || isTokenRefused(error)) return null;
    throw error;
  }
}

/** @throws ReelayError NETWORK_ERROR when it takes too long, or what `work` throws */
export async function inTime<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), REFRESH_TIMEOUT_MS);
  try {
    return await work(late.signal);
  } catch (error) {
    throw late.signal.aborted ? new ReelayError("NETWORK_ERROR", "The server took too long.", { cause: error }) : error;
  } finally {
    clearTimeout(timer);
  }
}

/** @throws ReelayError INVALID_RESPONSE when something else than the API has answered */
export function tokensOf(answer: AnswerOf<"login">): Tokens {
  const tokens = parseTokens({ ...answer, userId: answer.user?.id });
  if (tokens) return tokens;
  throw new ReelayError("INVALID_RESPONSE", "What answered holds no tokens.", { status: 200 });
}
