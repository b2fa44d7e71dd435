import { type ArgumentsOf, type CallOptions, callOnce } from "./operation.ts";
import { createRefresher, exchange, inTime, tokensOf } from "./refresh.ts";
import type { Schemas } from "./schemas.ts";
import { type ChangeListener, createOwner } from "./session-owner.ts";
import { isTokenRefused } from "./token-source.ts";
import { createTokenStore, type SessionStorage, type Tokens } from "./token-store.ts";
import type { Target } from "./transport.ts";

const DEFAULT_KEY = "reelay.session";

export type SessionOptions = Target & {
  /** Where the session outlasts a reload, and is shared with other tabs. Without one it is kept in memory. */
  storage?: SessionStorage;
  /** Of the storage: `reelay.session`, unless given. */
  key?: string;
};

export type Session = {
  /** Who is signed in, as far as it is known: null before `restore`, and when nobody is. */
  readonly userId: number | null;
  /** Takes up what the storage holds, and returns whose session it is. `getToken` does so by itself. */
  restore(): Promise<number | null>;
  /** @throws ReelayError INVALID_CREDENTIALS, ACCOUNT_BANNED, RATE_LIMIT and what ends any request */
  login(credentials: ArgumentsOf<"login">, options?: CallOptions): Promise<Schemas["OwnUser"]>;
  /** Forgets the tokens, in every tab, then tells the server. It does not fail when the server cannot be reached. */
  logout(): Promise<void>;
  /**
   * The access token, or null when nobody is signed in. When it is the one that was `refused`, it is refreshed: once,
   * however many ask, in however many tabs.
   * @throws ReelayError when it cannot be refreshed at the moment, ACCOUNT_BANNED
   */
  getToken(request?: { refused?: string }): Promise<string | null>;
  /** Calls `listener` when someone else, or nobody, is signed in. What it throws is ignored. Returns how to end that. */
  onChange(listener: ChangeListener): () => void;
};

/**
 * Keeps a user signed in. A session never acts for another user than the one it knows: when another tab has signed in
 * someone else, it ends here, until `restore` or `login`.
 */
export function createSession(options: SessionOptions): Session {
  const { storage, key = DEFAULT_KEY } = options;
  const store = createTokenStore(storage, key);
  const refreshed = createRefresher(options, store, storage && key);
  const owner = createOwner();
  return {
    get userId() {
      return owner.userId;
    },
    async restore() {
      owner.attach(await store.read());
      return owner.userId;
    },
    async login(credentials, { signal } = {}) {
      const { data } = await callOnce(options, "login", credentials, { signal });
      const tokens = tokensOf(data);
      await store.change(() => tokens);
      owner.attach(tokens);
      return data.user;
    },
    async logout() {
      const tokens = await store.read();
      const isOwn = owner.tokenOf(tokens) !== null;
      if (!tokens || !isOwn) return;
      await store.change(() => null);
      owner.attach(null);
      await endAtServer(options, tokens).catch(() => {});
    },
    async getToken({ refused } = {}) {
      const token = owner.tokenOf(await store.read(), refused);
      if (token === null || token !== refused) return token;
      return owner.tokenOf(await refreshed(refused), refused);
    },
    onChange: owner.onChange,
  };
}

async function endAtServer(target: Target, tokens: Tokens): Promise<void> {
  const end = (token: string) => inTime((signal) => callOnce(target, "logout", {}, { token, signal }));
  try {
    await end(tokens.accessToken);
  } catch (error) {
    const fresh = isTokenRefused(error) ? await exchange(target, tokens) : null;
    if (fresh) await end(fresh.accessToken);
  }
}
