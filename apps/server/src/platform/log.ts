import pino, { type DestinationStream, type Logger } from "pino";

export type { Logger };

const CENSOR = "[cut]";
/** JSON Web Tokens, cut off or not, and 32 random bytes in base64url or more, as tickets and signatures are. */
const TOKEN = /eyJ[\w-]{16,}(?:\.[\w-]+){0,2}|(?<![\w-])[\w-]{43,}/g;
/** As long as a ticket can be, and not secret: how files of users are called. */
const FILE_NAME = /^\d{1,16}-[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/**
 * JSON lines, on standard error by default. Tokens and passwords are cut out: by the name of their field, and whatever
 * looks like a token wherever it stands, in a path or the text of an error too.
 */
export function openLog(level: string, destination?: DestinationStream): Logger {
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
    destination ?? pino.destination({ dest: 2, sync: true }),
  );
}

export function cutTokens(text: string): string {
  return text.replace(TOKEN, (found) => (FILE_NAME.test(found) ? found : CENSOR));
}
