import { ReelayError, requestFailed } from "./error.ts";

/** A `getToken` that hangs is not to hang what asks it. */
const TOKEN_TIMEOUT_MS = 10_000;

/**
 * Gives the access token to send, or null when nobody is signed in. It has ten seconds to do so.
 * `refused` is the token that the server has just refused: give another one, or null. One that is given again is not
 * sent again.
 */
export type GetToken = (request: { refused?: string }) => Promise<string | null> | string | null;

export type TokenSource = {
  /**
   * Sends with a token; when the server refuses it, once more with another one.
   * @throws ReelayError NEEDS_TOKEN, TOKEN_UNAVAILABLE, ABORTED, or what `send` throws
   */
  use<T>(send: (token: string | null) => Promise<T>, signal?: AbortSignal): Promise<T>;
};

export function createTokenSource(getToken: GetToken): TokenSource {
  /** By the token that was refused: many requests at once ask once. */
  const asked = new Map<string | undefined, Promise<string | null>>();

  function ask(refused?: string): Promise<string | null> {
    const pending = asked.get(refused);
    if (pending) return pending;
    const asking = inTime(async () => getToken({ refused })).finally(() => asked.delete(refused));
    asked.set(refused, asking);
    return asking;
  }

  return {
    async use(send, signal) {
      const token = await unlessAborted(ask(), signal);
      try {
        return await send(token);
      } catch (error) {
        if (!isTokenRefused(error)) throw error;
        const next = token && (await unlessAborted(ask(token), signal));
        if (!next || next === token) throw needsToken(error);
        return await send(next).catch((again) => {
          throw isTokenRefused(again) ? needsToken(again) : again;
        });
      }
    },
  };
}

/** A wrong password is answered with 401, too, and is no matter of the token. */
export function isTokenRefused(error: unknown): error is ReelayError {
  return error instanceof ReelayError && error.code === "UNAUTHORIZED";
}

function needsToken({ message, status, requestId }: ReelayError): ReelayError {
  return new ReelayError("NEEDS_TOKEN", message, { status, requestId });
}

/** The token, unless it takes longer. What is no token counts as none. */
async function inTime(get: () => Promise<string | null>): Promise<string | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("It took too long.")), TOKEN_TIMEOUT_MS);
  });
  try {
    return (await Promise.race([get(), late])) || null;
  } catch (cause) {
    if (isTokenRefused(cause)) throw needsToken(cause);
    if (cause instanceof ReelayError) throw cause;
    throw new ReelayError("TOKEN_UNAVAILABLE", "The access token could not be had.", { cause });
  } finally {
    clearTimeout(timer);
  }
}

async function unlessAborted<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return await promise;
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(requestFailed(undefined, signal));
    signal.addEventListener("abort", abort);
    if (signal.aborted) abort();
  });
  return await Promise.race([promise, aborted]).finally(() => signal.removeEventListener("abort", abort));
}
