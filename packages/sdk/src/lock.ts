/**
 * Does `work` while no other tab of the same origin does it. Where there are no Web Locks, or where whoever holds this
 * one does not let go of it in time (a tab that the browser has frozen), it is done without.
 */
export async function withLock<T>(name: string, waitMs: number, work: () => Promise<T>): Promise<T> {
  const locks = globalThis.navigator?.locks;
  if (!locks) return await work();
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), waitMs);
  let begun: Promise<T> | undefined;
  const begin = () => {
    clearTimeout(timer);
    begun = work();
    return begun;
  };
  try {
    await locks.request(name, { signal: waiting.signal }, begin);
  } catch {
    clearTimeout(timer);
  }
  return await (begun ?? work());
}
