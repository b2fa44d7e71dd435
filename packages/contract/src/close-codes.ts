/** What a client does about a close: a program goes by these, the code says why. */
export const CLOSE_ACTIONS = {
  reconnect: "Open a new socket after a random 0 to 5 s, with the last cursor.",
  back_off: "The same, after a wait that doubles each time: what the client does, or how it reads, led to the close.",
  renew_token: "Get a new token by `POST /auth/refresh`, then open a new socket with it. Where that fails: `sign_in`.",
  sign_in: "Ask the user to sign in again. Neither the token nor the refresh token of that session is good any more.",
  stop_socket: "Leave this socket closed. The user's other sockets stay open.",
  stop: "Open no socket for this account any more, and show the reason.",
} as const;

export type CloseAction = keyof typeof CLOSE_ACTIONS;

type Close = { code: number; reason: string; action: CloseAction; meaning: string; client: string };

/**
 * Close codes of the socket, each with what it means and what the client does. 4xxx codes are ours; the deployed client
 * reconnects on every code but 4001 and 4003. Reasons that share a code share its action, so that a client need not
 * read the reason. A close without a code of this table (1006, for one) asks for `reconnect`.
 */
export const CLOSE = {
  serverRestart: {
    code: 1012,
    reason: "Server restarting",
    action: "reconnect",
    meaning: "the server restarts",
    client: "reconnect after a random 0..5 s",
  },
  frameTooLarge: {
    code: 1009,
    reason: "Received too big message",
    action: "back_off",
    meaning: "the client sent a frame over 16 KB",
    client: "send smaller frames",
  },
  unauthorized: {
    code: 4001,
    reason: "Unauthorized",
    action: "renew_token",
    meaning: "token missing, invalid or expired, or its session has ended",
    client: "get a new token",
  },
  banned: { code: 4003, reason: "Account banned", action: "stop", meaning: "the account is banned", client: "stop" },
  deleted: { code: 4003, reason: "Account deleted", action: "stop", meaning: "the account is deleted", client: "stop" },
  sessionRevoked: {
    code: 4004,
    reason: "Session revoked",
    action: "sign_in",
    meaning: "the session ended while connected: logout, password change",
    client: "sign in",
  },
  abuse: {
    code: 4008,
    reason: "Rate limit abused",
    action: "back_off",
    meaning: "the client went over its limits again and again",
    client: "back off, resume",
  },
  tooSlow: {
    code: 4008,
    reason: "Too slow to read",
    action: "back_off",
    meaning: "the client read nothing for 30 s",
    client: "back off, resume",
  },
  tooManySockets: {
    code: 4009,
    reason: "Too many connections",
    action: "stop_socket",
    meaning: "more than ten sockets, and none of them dead",
    client: "stop that one",
  },
  silent: {
    code: 4010,
    reason: "No sign of life",
    action: "reconnect",
    meaning: "no sign of life for 60 s",
    client: "reconnect",
  },
} as const satisfies Record<string, Close>;

export type CloseReason = (typeof CLOSE)[keyof typeof CLOSE];
