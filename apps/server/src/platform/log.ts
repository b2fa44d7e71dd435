import pino, { type Logger } from "pino";
import pretty from "pino-pretty";

export type { Logger };

const STANDARD_ERROR = 2;

/** `isTerminal`: somebody reads along. `destination`: a file, or the number of one that is open. */
type Output = { isTerminal?: boolean; destination?: number | string };

/**
 * JSON lines on standard error; in a terminal, lines to read. Anything that carries a token or a password is cut out
 * wherever it stands.
 */
export function openLog(level: string, output: Output = {}): Logger {
  const { isTerminal = process.stderr.isTTY, destination = STANDARD_ERROR } = output;
  return pino(
    {
      level,
      base: null,
      redact: {
        paths: ["token", "password", "authorization", "*.token", "*.password", "*.authorization", "headers.cookie"],
        censor: "[cut]",
      },
    },
    isTerminal ? readable(destination) : pino.destination({ dest: destination, sync: true }),
  );
}

/** The time, what happened, and what is known about it, on one line. */
function readable(destination: number | string) {
  return pretty({
    destination,
    sync: true,
    colorize: destination === STANDARD_ERROR,
    translateTime: "SYS:HH:MM:ss",
    singleLine: true,
    ignore: "requestId,method,path,status,ms",
    messageFormat: "{if method}{method} {path} {status} {ms} ms{end}{if msg} {msg}{end}",
  });
}
