/** `body` is what the JSON says, or undefined when there is none. */
export type Answer<T = any> = { status: number; body: T; headers: Headers };

type Sent = { token?: string; body?: unknown; headers?: Record<string, string>; signal?: AbortSignal };

/** One request to the API, with its answer parsed. `path` is below /api/v1. */
export async function call<T = any>(
  url: string,
  method: string,
  path: string,
  { token, body, headers = {}, signal }: Sent = {},
): Promise<Answer<T>> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal,
  });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : undefined, headers: response.headers } as Answer<T>;
}
