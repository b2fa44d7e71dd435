import pino, { type Logger } from "pino";

export type { Logger };

/** JSON lines on standard error. Anything that carries a token or a password is cut out wherever it stands. */
export function openLog(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      redact: {
        paths: ["token", "password", "authorization", "*.token", "*.password", "*.authorization", "headers.cookie"],
        censor: "[cut]",
      },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
