import { isSuccess, type RawAnswer } from "./answer.ts";
import { requestFailed } from "./error.ts";
import type { ApiRequest } from "./request.ts";

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Where requests go to, and by what. */
export type Target = {
  /** Of the server, without `/api/v1`: `https://api.example.com`. Empty: the one the page came from. */
  baseUrl: string;
  /** In place of the platform's. */
  fetch?: Fetch;
};

export type Sent = ApiRequest & { token: string | null; signal?: AbortSignal };

/** @throws ReelayError NETWORK_ERROR, ABORTED */
export async function sendByFetch(target: Target, sent: Sent): Promise<RawAnswer> {
  const { method, body, signal } = sent;
  const send: Fetch = target.fetch ?? ((url, init) => globalThis.fetch(url, init));
  try {
    const response = await send(urlOf(target, sent), { method, body, signal, headers: headersOf(sent) });
    return {
      status: response.status,
      header: (name) => response.headers.get(name),
      content: () => (sent.isBytes && isSuccess(response) ? response.blob() : response.text()),
    };
  } catch (cause) {
    throw requestFailed(cause, signal);
  }
}

/**
 * By XMLHttpRequest, which alone can tell how much of a body has been sent.
 * @param onProgress is called with the part of the body that has been sent, from 0 to 1
 * @throws ReelayError NETWORK_ERROR, ABORTED
 */
export async function sendByXhr(
  target: Target,
  sent: Sent,
  onProgress: (fraction: number) => void,
): Promise<RawAnswer> {
  const xhr = new XMLHttpRequest();
  const abort = () => xhr.abort();
  try {
    await new Promise<unknown>((resolve, reject) => {
      xhr.open(sent.method, urlOf(target, sent));
      for (const [name, value] of Object.entries(headersOf(sent))) xhr.setRequestHeader(name, value);
      xhr.upload.onprogress = ({ loaded, total }) => {
        if (total > 0) onProgress(loaded / total);
      };
      xhr.onload = resolve;
      xhr.onerror = xhr.onabort = xhr.ontimeout = reject;
      sent.signal?.addEventListener("abort", abort);
      if (sent.signal?.aborted) reject();
      else xhr.send(sent.body);
    });
  } catch (cause) {
    throw requestFailed(cause, sent.signal);
  } finally {
    sent.signal?.removeEventListener("abort", abort);
  }
  return { status: xhr.status, header: (name) => xhr.getResponseHeader(name), content: async () => xhr.responseText };
}

function urlOf({ baseUrl }: Target, { path }: Sent): string {
  return baseUrl.replace(/\/+$/, "") + path;
}

/** A form names its content type by itself, with its boundary. */
function headersOf({ token, body }: Sent): Record<string, string> {
  return {
    ...(token !== null && { Authorization: `Bearer ${token}` }),
    ...(typeof body === "string" && { "Content-Type": "application/json" }),
  };
}
