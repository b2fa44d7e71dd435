/* The deployed front end in small, as its screens share it. It knows the guide and its own habits, and nothing of ours. */

/** What a screen shows when a request fails. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

type Listener = (data: any) => void;

/** It reconnects on every close but these. */
const FINAL_CODES = [4001, 4003];
const MAX_ATTEMPTS = 5;
/** Three seconds there; here nobody waits. */
const RETRY_MS = 5;

export class FrontEnd {
  readonly origin: string;
  token: string | null = null;
  user: any = null;
  #socket: WebSocket | null = null;
  #attempts = 0;
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor({ url }: { url: string }) {
    this.origin = url;
  }

  /** Registers, and logs in as its login screen does: with a form, the e-mail under the name of username. */
  static async join(server: { url: string }, username: string): Promise<FrontEnd> {
    const app = new FrontEnd(server);
    const email = `${username}@example.com`;
    await app.post("/auth/register", { username, email, password: "correct horse", full_name: `${username} Nguyễn` });
    await app.login(email, "correct horse");
    return app;
  }

  async login(username: string, password: string): Promise<any> {
    const answer = await this.request("POST", "/auth/login", new URLSearchParams({ username, password }));
    this.token = answer.access_token;
    this.user = await this.get("/auth/test-token");
    return answer;
  }

  get = (path: string) => this.request("GET", path);
  post = (path: string, body?: object) => this.request("POST", path, body);
  put = (path: string, body?: object) => this.request("PUT", path, body);
  delete = (path: string, body?: object) => this.request("DELETE", path, body);

  /** The parsed answer; what is not 2xx is thrown, with the text that FastAPI's clients read. */
  async request(method: string, path: string, body?: object): Promise<any> {
    const isForm = body instanceof FormData || body instanceof URLSearchParams;
    const response = await fetch(`${this.origin}/api/v1${path}`, {
      method,
      headers: {
        ...(this.token && { Authorization: `Bearer ${this.token}` }),
        ...(body && !isForm && { "Content-Type": "application/json" }),
      },
      ...(body && { body: isForm ? body : JSON.stringify(body) }),
    });
    const answer: any = await response.json();
    if (!response.ok) throw new Refused(response.status, answer.detail);
    return answer;
  }

  /** Media addresses are relative to the server, unless they lead elsewhere. */
  mediaUrl(address: string): string {
    return new URL(address, this.origin).href;
  }

  /** Opens the socket; resolves with its first frame. */
  connect(): Promise<any> {
    const connected = this.next("connected");
    this.#open();
    return connected;
  }

  /** The data of the next event of a type. Ask before causing it. */
  next(type: string): Promise<any> {
    return this.until(type, () => true);
  }

  /** The data of the next one that is meant. */
  until(type: string, isMeant: (data: any) => boolean): Promise<any> {
    return new Promise((resolve) => {
      const off = this.on(type, (data) => {
        if (!isMeant(data)) return;
        off();
        resolve(data);
      });
    });
  }

  on(type: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  send(type: string, data: object): void {
    this.#socket?.send(JSON.stringify({ type, data }));
  }

  /** The network is gone: the socket closes, and does not come back by itself. */
  async goOffline(): Promise<void> {
    const closed = this.next("closed");
    this.#attempts = MAX_ATTEMPTS;
    this.#socket?.close();
    await closed;
  }

  /** What it asks every few seconds while it has no socket. */
  async poll(): Promise<{ unread: number; unseen: number; inbox: any[]; notifications: any[] }> {
    const [unread, unseen, inbox, notifications] = await Promise.all(
      ["/messages/unread/count", "/notifications/unseen/count", "/messages/inbox", "/notifications/"].map(this.get),
    );
    return { unread, unseen, inbox, notifications };
  }

  #open(): void {
    const socket = new WebSocket(`${this.origin.replace("http", "ws")}/api/v1/ws?token=${this.token}`);
    this.#socket = socket;
    socket.onmessage = ({ data: text }) => {
      const frame = JSON.parse(text);
      if (frame.type === "connected") this.#attempts = 0;
      // Its answer to a ping is an error frame; nobody knows why.
      if (frame.type === "ping") socket.send(JSON.stringify({ type: "error", error: { code: "PONG" } }));
      this.#emit(frame.type, frame.data ?? frame);
    };
    socket.onclose = ({ code }) => {
      const mayRetry = !FINAL_CODES.includes(code) && this.#attempts < MAX_ATTEMPTS;
      if (mayRetry) setTimeout(() => this.#open(), RETRY_MS * ++this.#attempts);
      this.#emit("closed", { code, mayRetry });
    };
  }

  #emit(type: string, data: unknown): void {
    for (const listener of [...(this.#listeners.get(type) ?? [])]) listener(data);
  }
}

/** What a request was refused with. */
export async function refusal(request: Promise<unknown>): Promise<[status: number, detail: string]> {
  const error = await request.then(
    () => new Error("it was not refused"),
    (thrown) => thrown,
  );
  if (!(error instanceof Refused)) throw error;
  return [error.status, error.message];
}
