/** What a client that asks for a socket brings with it. */
export type SocketRequest = {
  credential: string;
  /** Asks for a resumable socket. */
  cursor: string | null;
};

/** Deployed clients put the token into the path. */
const SOCKET_PATH = /^\/api\/v1\/ws(?:\/([^/]+))?\/?$/;

/** Null unless the request asks for a socket, at its path and by the headers of RFC 6455, section 4.1. */
export function readSocketRequest({ method, url, headers }: Request): SocketRequest | null {
  if (method !== "GET" || headers.get("upgrade")?.toLowerCase() !== "websocket") return null;
  const options = headers.get("connection")?.toLowerCase().split(",") ?? [];
  if (!options.some((option) => option.trim() === "upgrade")) return null;
  const { path, query } = split(url);
  const match = SOCKET_PATH.exec(path);
  if (!match) return null;
  const parameters = new URLSearchParams(query);
  const [, bearer] = headers.get("authorization")?.match(/^bearer\s+(.+)$/i) ?? [];
  const credential = decoded(match[1] ?? "") || parameters.get("token") || bearer || "";
  return { credential, cursor: parameters.get("cursor") };
}

/** By hand: the host is the sender's word, and `new URL` throws on some. */
function split(url: string): { path: string; query: string } {
  const target = url.startsWith("/") ? url : url.slice(url.indexOf("/", url.indexOf("://") + 3));
  const [path = "", ...rest] = target.split("#", 1)[0]!.split("?");
  return { path, query: rest.join("?") };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
