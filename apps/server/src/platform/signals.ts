/** One Ctrl-C arrives twice: from the terminal, and passed on by npm. */
const SAME_KEYSTROKE_MS = 1000;

export type StopRequest = {
  /** Called at the first signal, once. */
  stop(): void;
  /** Called at a later one, by somebody who does not want to wait for `stop`. */
  abort(): void;
  /** A server started with nohup must survive its terminal, so SIGHUP is not among them unless asked for. */
  signals?: readonly NodeJS.Signals[];
};

/** The signals by which a person at a terminal ends a program. */
export const TERMINAL_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The first signal stops a program in order, another one at once. */
export function onStopRequest({ stop, abort, signals = ["SIGINT", "SIGTERM"] }: StopRequest): void {
  let requestedAtMs: number | undefined;
  const onSignal = () => {
    if (requestedAtMs === undefined) {
      requestedAtMs = performance.now();
      stop();
    } else if (performance.now() - requestedAtMs > SAME_KEYSTROKE_MS) abort();
  };
  for (const name of signals) process.on(name, onSignal);
}
