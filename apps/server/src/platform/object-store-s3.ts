import { unlink } from "node:fs/promises";
import { S3Client, type S3File } from "bun";
import type { ObjectStore } from "./object-store.ts";

/** A bucket of any service that speaks S3. */
export type Bucket = {
  bucket: string;
  endpoint: string | undefined;
  region: string | undefined;
  accessKeyId: string;
  secretAccessKey: string;
};

/** One part of an upload is in memory at a time. The least that S3 takes. */
const PART_BYTES = 5 * 1024 * 1024;
/** S3 takes ten thousand parts. */
export const MAX_BUCKET_UPLOAD_MB = 50_000;
const RETRIES = 3;
/** The runtime cannot say how long a stream is, so pictures, and what a player asks for first, are not sent as one. */
const MAX_HELD_BYTES = 2 * 1024 * 1024;

/** Keeps files in a bucket. Nothing in it need be public: whatever is read goes through us, and is looked at each time. */
export function bucketStore(bucket: Bucket): ObjectStore {
  const client = new S3Client(bucket);
  return {
    async put(key, path) {
      const writer = client.file(key).writer({ partSize: PART_BYTES, queueSize: 1, retry: RETRIES });
      try {
        for await (const chunk of Bun.file(path).stream()) {
          writer.write(chunk);
          await writer.flush();
        }
        await writer.end();
      } catch (error) {
        // The client cannot give an upload up: what has arrived becomes a file, which goes.
        await Promise.try(() => writer.end()).catch(() => {});
        await client.delete(key).catch(() => {});
        throw error;
      }
      await unlink(path);
    },
    async read(key) {
      const found = await client.stat(key).catch((error) => {
        if (isMissing(error)) return null;
        throw error;
      });
      if (!found) return null;
      return { size: found.size, bytes: (start, end) => open(client.file(key).slice(start, end), end - start) };
    },
    async remove(key) {
      return await client.delete(key).then(() => true, isMissing);
    },
  };
}

async function open(part: S3File, size: number): Promise<Blob | ReadableStream<Uint8Array>> {
  return size > MAX_HELD_BYTES ? part.stream() : new Blob([await part.bytes()]);
}

/** True when the service could not do what it was asked, as opposed to a fault of ours. */
export function isStoreAway(error: unknown): boolean {
  return error instanceof Error && error.name === "S3Error";
}

function isMissing(error: { code?: string }): boolean {
  return error.code === "NoSuchKey";
}
