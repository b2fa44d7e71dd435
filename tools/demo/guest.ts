import type { LoginResponse, OwnUser } from "@reelay/contract";

/** Somebody who uses the API as an app does. A request that is refused is an error: in the demo nothing may go wrong. */
export class Guest {
  readonly #api: string;
  readonly #signal: AbortSignal;
  #token: string | undefined;
  /** Of the account, once logged in. */
  id = 0;

  constructor(url: string, signal: AbortSignal) {
    this.#api = `${url}/api/v1`;
    this.#signal = signal;
  }

  async logIn(username: string, password: string): Promise<void> {
    const { accessToken, user } = await this.post<LoginResponse>("/auth/login", { username, password });
    this.#token = accessToken;
    this.id = user.id;
  }

  me(): Promise<OwnUser> {
    return this.#request("GET", "/users/me");
  }

  get<T>(path: string): Promise<T> {
    return this.#request("GET", path);
  }

  post<T = unknown>(path: string, body: object = {}): Promise<T> {
    return this.#request("POST", path, body);
  }

  put(path: string, body: object = {}): Promise<unknown> {
    return this.#request("PUT", path, body);
  }

  delete(path: string, body: object): Promise<unknown> {
    return this.#request("DELETE", path, body);
  }

  async #request<T>(method: string, path: string, body?: object): Promise<T> {
    const isForm = body instanceof FormData;
    const response = await fetch(this.#api + path, {
      method,
      headers: {
        ...(this.#token && { authorization: `Bearer ${this.#token}` }),
        ...(body && !isForm && { "content-type": "application/json" }),
      },
      body: body && !isForm ? JSON.stringify(body) : body,
      signal: this.#signal,
    });
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }
}
