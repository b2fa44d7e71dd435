import { afterAll, beforeEach } from "bun:test";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Received = { method: string; url: string; token: string | null; body: string };
type Script = (response: ServerResponse, received: Received) => void;

/** A server that answers what a test tells it to, and keeps what it was asked. */
export async function scriptedServer() {
  const received: Received[] = [];
  let script: Script = (response) => response.destroy();
  const server = createServer(async (request, response) => {
    const asked = await read(request);
    received.push(asked);
    script(response, asked);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  beforeEach(() => void received.splice(0));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answers(next: Script): void {
      script = next;
    },
  };
}

async function read(request: IncomingMessage): Promise<Received> {
  let body = "";
  for await (const chunk of request) body += chunk;
  const { method = "", url = "", headers } = request;
  return { method, url, token: headers.authorization?.replace("Bearer ", "") ?? null, body };
}

/** What the API refuses with. */
export function refuse(response: ServerResponse, status: number, code: string, headers: Record<string, string> = {}) {
  const error = { code, message: `It is ${code}.`, requestId: "in-the-body" };
  json(response, status, { error, detail: error.message }, headers);
}

export function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

export function html(response: ServerResponse, status: number) {
  response.writeHead(status, { "content-type": "text/html" }).end("<!doctype html><title>Log in to our Wi-Fi</title>");
}
