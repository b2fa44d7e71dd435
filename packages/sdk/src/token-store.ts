const FAILED = Symbol();

/** Where a session is kept: `localStorage`, React Native's `AsyncStorage`, or anything of that form. It may throw. */
export type SessionStorage = {
  getItem(key: string): string | null | Promise<string | null>;
  setItem(key: string, value: string): unknown;
  removeItem(key: string): unknown;
};

export type Tokens = { accessToken: string; refreshToken: string; userId: number };

export type TokenStore = {
  read(): Promise<Tokens | null>;
  /** Writes what `change` makes of the tokens that are there; `undefined` leaves them. One change after the other. */
  change(change: (stored: Tokens | null) => Tokens | null | undefined): Promise<Tokens | null>;
};

/**
 * The tokens of whoever is signed in. What cannot be read is as it was read before; what cannot be written is kept in
 * memory, until something can be written again.
 */
export function createTokenStore(storage: SessionStorage | undefined, key: string): TokenStore {
  let memory: Tokens | null = null;
  let isStored = storage !== undefined;
  let lastChange: Promise<unknown> = Promise.resolve();

  async function read(): Promise<Tokens | null> {
    const text = isStored ? await attempt(async () => (await storage?.getItem(key)) ?? "") : FAILED;
    // It may have failed to be written while it was read.
    if (isStored && text !== FAILED) memory = parseText(text);
    return memory;
  }

  async function write(tokens: Tokens | null): Promise<void> {
    const keep = () => (tokens ? storage?.setItem(key, JSON.stringify(tokens)) : storage?.removeItem(key));
    isStored = storage !== undefined && (await attempt(keep)) !== FAILED;
    memory = tokens;
    // The tokens of before would be taken for stolen ones, and end the session, if they were read again.
    if (!isStored && tokens) await attempt(() => storage?.removeItem(key));
  }

  return {
    read,
    async change(change) {
      const changing = lastChange.then(async () => {
        const stored = await read();
        const next = change(stored);
        if (next === undefined) return stored;
        await write(next);
        return next;
      });
      lastChange = changing;
      return await changing;
    },
  };
}

async function attempt<T>(work: () => T | Promise<T>): Promise<T | typeof FAILED> {
  try {
    return await work();
  } catch {
    return FAILED;
  }
}

function parseText(text: string): Tokens | null {
  try {
    return parseTokens(JSON.parse(text));
  } catch {
    return null;
  }
}

/** The tokens among what is there, if they are whole. */
export function parseTokens(value: object | null): Tokens | null {
  const { accessToken, refreshToken, userId } = (value ?? {}) as { [Name in keyof Tokens]?: unknown };
  const areTexts = typeof accessToken === "string" && typeof refreshToken === "string";
  if (!areTexts || !accessToken || !refreshToken || typeof userId !== "number") return null;
  return { accessToken, refreshToken, userId };
}
