import pino, { type DestinationStream, type Logger } from "pino";
import pretty from "pino-pretty";

export type { Logger };

const STANDARD_ERROR = 2;
const CENSOR = "[cut]";
/** JSON Web Tokens, cut off or not, and 32 random bytes in base64url or more, as tickets and signatures are. */
const TOKEN = /eyJ[\w-]{16,}(?:\.[\w-]+){0,2}|(?<![\w-])[\w-]{43,}/g;
/** As long as a ticket can be, and not secret: how files of users are called. */
const FILE_NAME = /^\d{1,16}-[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** `isTerminal`: somebody reads along. `destination`: a stream, a file, or the number of one that is open. */
type Output = { isTerminal?: boolean; destination?: number | string | DestinationStream };

/**
 * JSON lines on standard error; in a terminal, lines to read. Tokens and passwords are cut out: by the name of their
 * field, and whatever looks like a token wherever it stands, in a path or the text of an error too.
 */
export function openLog(level: string, output: Output = {}): Logger {
  const { isTerminal = process.stderr.isTTY, destination = STANDARD_ERROR } = output;
  return pino(
    {
      level,
      base: null,
      redact: {
        paths: ["token", "password", "authorization", "*.token", "*.password", "*.authorization", "headers.cookie"],
        censor: CENSOR,
      },
      hooks: { streamWrite: cutTokens },
    },
    isTerminal ? readable(destination) : streamTo(destination),
  );
}

export function cutTokens(text: string): string {
  return text.replace(TOKEN, (found) => (FILE_NAME.test(found) ? found : CENSOR));
}

function streamTo(destination: NonNullable<Output["destination"]>): DestinationStream {
  return typeof destination === "object" ? destination : pino.destination({ dest: destination, sync: true });
}

/** The time, what happened, and what is known about it, on one line. */
function readable(destination: NonNullable<Output["destination"]>) {
  return pretty({
    destination: destination as number | string,
    sync: true,
    colorize: destination === STANDARD_ERROR,
    translateTime: "SYS:HH:MM:ss",
    singleLine: true,
    ignore: "requestId,method,path,status,ms",
    messageFormat: "{if method}{method} {path} {status} {ms} ms{end}{if msg} {msg}{end}",
  });
}
