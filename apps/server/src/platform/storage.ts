import { mkdir, open, readdir, rename, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BunFile } from "bun";

/** Keys are made by us: lower-case folders and names, one dot. Nothing else reaches the disk. */
const KEY = /^[a-z0-9]+(\/[a-z0-9-]+)*\/[a-z0-9-]+\.[a-z0-9]+$/;
/** Where files are written before they get their names. No key leads there. */
const INCOMING = ".incoming";
/** No upload takes this long: what is older was left behind by a process that was killed. */
const ABANDONED_AFTER_MS = 24 * 3_600_000;

/** Files of users, by key, under one folder. */
export type Storage = {
  /** Writes whole or not at all: under another name first, then renamed. */
  write(key: string, content: Blob | Uint8Array): Promise<void>;
  /** Begins a file that is written piece by piece, and is nobody's until it is kept. */
  begin(): Promise<Incoming>;
  /** The file of a key, null when the key is not one of ours or nothing is there. */
  read(key: string): Promise<BunFile | null>;
  /** Answers whether nothing is there any more. */
  remove(key: string): Promise<boolean>;
  /** Removes what was begun long ago and never ended. */
  sweep(): Promise<void>;
};

/** A file on its way in. */
export type Incoming = {
  /** What has been written so far. */
  readonly file: BunFile;
  readonly size: number;
  /** Resolves when the piece is written: waiting for it is what keeps a fast sender from filling the memory. */
  append(chunk: Uint8Array): Promise<void>;
  /** Gives it its key, once it is safe on the disk. */
  keep(key: string): Promise<void>;
  /** Removes it unless it was kept. */
  discard(): Promise<void>;
};

export function openStorage(folder: string): Storage {
  const incoming = join(folder, INCOMING);
  return {
    async write(key, content) {
      const path = pathOf(folder, key);
      await Promise.all([mkdir(dirname(path), { recursive: true }), mkdir(incoming, { recursive: true })]);
      const partial = join(incoming, crypto.randomUUID());
      try {
        await Bun.write(partial, content);
        await rename(partial, path);
      } catch (error) {
        await unlink(partial).catch(() => {});
        throw error;
      }
    },
    async begin() {
      await mkdir(incoming, { recursive: true });
      return await openIncoming(folder, join(incoming, crypto.randomUUID()));
    },
    async read(key) {
      if (!KEY.test(key)) return null;
      const file = Bun.file(join(folder, key));
      return (await file.exists()) ? file : null;
    },
    async remove(key) {
      if (!KEY.test(key)) return true;
      return await unlink(join(folder, key)).then(
        () => true,
        (error) => error.code === "ENOENT",
      );
    },
    async sweep() {
      for (const name of await readdir(incoming).catch(() => [])) {
        const path = join(incoming, name);
        const modifiedMs = (await stat(path).catch(() => null))?.mtimeMs ?? Date.now();
        if (Date.now() - modifiedMs > ABANDONED_AFTER_MS) await unlink(path).catch(() => {});
      }
    },
  };
}

async function openIncoming(folder: string, path: string): Promise<Incoming> {
  const handle = await open(path, "wx");
  let size = 0;
  let isOpen = true;
  const close = async () => {
    if (isOpen) await handle.close();
    isOpen = false;
  };
  let isKept = false;
  return {
    file: Bun.file(path),
    get size() {
      return size;
    },
    async append(chunk) {
      for (let written = 0; written < chunk.length; ) {
        written += (await handle.write(chunk, written, chunk.length - written)).bytesWritten;
      }
      size += chunk.length;
    },
    async keep(key) {
      const target = pathOf(folder, key);
      await handle.datasync();
      await close();
      await mkdir(dirname(target), { recursive: true });
      await rename(path, target);
      isKept = true;
    },
    async discard() {
      if (isKept) return;
      await close();
      await unlink(path).catch(() => {});
    },
  };
}

function pathOf(folder: string, key: string): string {
  if (!KEY.test(key)) throw new Error(`Not a storage key: ${key}`);
  return join(folder, key);
}
