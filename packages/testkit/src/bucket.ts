import { createHash } from "node:crypto";
import type { Server } from "bun";

/** A service that speaks as much S3 as we need, over loopback, in memory; it wants every request signed. */
export class TestBucket {
  readonly objects = new Map<string, Buffer>();
  /** Answers every request with 500 while it is set. */
  isBroken = false;
  /** What was asked, in order: the method, and the range if any. */
  readonly requests: string[] = [];
  /** The largest part or object that came in one request, in bytes. */
  largestBody = 0;
  readonly #uploads = new Map<string, Map<number, Buffer>>();
  readonly #server: Server<undefined>;

  constructor() {
    this.#server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      maxRequestBodySize: 64 * 1024 * 1024,
      fetch: (request) => this.#answer(request),
    });
  }

  get env(): Record<string, string> {
    return {
      S3_BUCKET: "media",
      S3_ENDPOINT: `http://127.0.0.1:${this.#server.port}`,
      S3_REGION: "us-east-1",
      S3_ACCESS_KEY_ID: "key",
      S3_SECRET_ACCESS_KEY: "secret",
    };
  }

  async stop(): Promise<void> {
    await this.#server.stop(true);
  }

  async #answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const key = decodeURIComponent(url.pathname).replace(/^\/media\//, "");
    if (!request.headers.get("authorization")?.startsWith("AWS4-HMAC-SHA256 "))
      return new Response(null, { status: 403 });
    this.requests.push([request.method, request.headers.get("range") ?? ""].join(" ").trim());
    if (this.isBroken) return error(500, "InternalError");
    const body = Buffer.from(await request.arrayBuffer());
    this.largestBody = Math.max(this.largestBody, body.length);
    switch (request.method) {
      case "PUT":
        return this.#put(key, url.searchParams, body);
      case "POST":
        return this.#post(key, url.searchParams);
      case "DELETE":
        this.objects.delete(key);
        return new Response(null, { status: 204 });
      default:
        return this.#get(key, request);
    }
  }

  #put(key: string, query: URLSearchParams, body: Buffer): Response {
    const upload = this.#uploads.get(query.get("uploadId") ?? "");
    if (upload) upload.set(Number(query.get("partNumber")), body);
    else this.objects.set(key, body);
    return new Response(null, { headers: { ETag: `"${createHash("md5").update(body).digest("hex")}"` } });
  }

  #post(key: string, query: URLSearchParams): Response {
    const id = query.get("uploadId");
    if (id === null) {
      const fresh = crypto.randomUUID();
      this.#uploads.set(fresh, new Map());
      return xml(`<InitiateMultipartUploadResult><UploadId>${fresh}</UploadId></InitiateMultipartUploadResult>`);
    }
    const parts = [...this.#uploads.get(id)!].sort(([a], [b]) => a - b).map(([, part]) => part);
    this.#uploads.delete(id);
    this.objects.set(key, Buffer.concat(parts));
    return xml(`<CompleteMultipartUploadResult><Key>${key}</Key><ETag>"x"</ETag></CompleteMultipartUploadResult>`);
  }

  #get(key: string, request: Request): Response {
    const object = this.objects.get(key);
    if (!object) return error(404, "NoSuchKey");
    const [, first, last] = request.headers.get("range")?.match(/^bytes=(\d+)-(\d*)$/) ?? [];
    const part = first === undefined ? object : object.subarray(Number(first), last ? Number(last) + 1 : undefined);
    const headers = { ETag: '"x"', "Content-Length": String(part.length) };
    if (request.method === "HEAD") return new Response(null, { headers });
    return new Response(new Uint8Array(part), { status: first === undefined ? 200 : 206, headers });
  }
}

function xml(content: string): Response {
  return new Response(`<?xml version="1.0"?>${content}`, { headers: { "Content-Type": "application/xml" } });
}

function error(status: number, code: string): Response {
  return new Response(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`, { status });
}
