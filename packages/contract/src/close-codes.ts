/**
 * Close codes of the socket, with what the client should do. 4xxx codes are ours; the deployed client
 * reconnects on every code but 4001 and 4003.
 */
export const CLOSE = {
  serverRestart: { code: 1012, reason: "Server restarting", client: "reconnect after a random 0..5 s" },
  frameTooLarge: { code: 1009, reason: "Received too big message", client: "send smaller frames" },
  unauthorized: { code: 4001, reason: "Unauthorized", client: "get a new token" },
  banned: { code: 4003, reason: "Account banned", client: "stop" },
  deleted: { code: 4003, reason: "Account deleted", client: "stop" },
  sessionRevoked: { code: 4004, reason: "Session revoked", client: "sign in" },
  abuse: { code: 4008, reason: "Rate limit abused", client: "back off, resume" },
  tooSlow: { code: 4008, reason: "Too slow to read", client: "back off, resume" },
  tooManySockets: { code: 4009, reason: "Too many connections", client: "stop that one" },
  silent: { code: 4010, reason: "No sign of life", client: "reconnect" },
} as const;

export type CloseReason = (typeof CLOSE)[keyof typeof CLOSE];
