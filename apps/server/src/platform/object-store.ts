import { chmodSync, mkdirSync } from "node:fs";
import { mkdir, open, readdir, rename, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BunFile } from "bun";

/** Keys are made by us: lower-case folders and names, one dot. Nothing else is looked for. */
const KEY = /^[a-z0-9]+(\/[a-z0-9-]+)*\/[a-z0-9-]+\.[a-z0-9]+$/;
/** Where files are written before they get their names. No key leads there. */
const INCOMING = ".incoming";
/** No upload takes this long: what is older was left behind by a process that was killed. */
const ABANDONED_AFTER_MS = 24 * 3_600_000;
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** A file that was kept. */
export type StoredFile = {
  size: number;
  /** From `start` up to, not including, `end`. More than a little is read as it is sent, never whole into the memory. */
  bytes(start: number, end: number): Promise<Blob | ReadableStream<Uint8Array>>;
};

/** Where files are kept: a folder, or a bucket. */
export type ObjectStore = {
  /** Takes a finished file of ours over, whole or not at all. */
  put(key: string, path: string): Promise<void>;
  read(key: string): Promise<StoredFile | null>;
  /** Returns whether nothing is there any more. */
  remove(key: string): Promise<boolean>;
};

/** Files of users, by key. */
export type Storage = {
  /** Writes whole or not at all. */
  write(key: string, content: Blob | Uint8Array): Promise<void>;
  /** Begins a file that is written piece by piece, and is nobody's until it is kept. */
  begin(): Promise<Incoming>;
  /** The file of a key, null when the key is not one of ours or nothing is there. */
  read(key: string): Promise<StoredFile | null>;
  /** Returns whether nothing is there any more. */
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

/**
 * Files come in through `folder`, whatever store they end up on. It is closed to other users of the machine, also when an
 * earlier start left it open: among what lies in it are private videos.
 */
export function openStorage(folder: string, store: ObjectStore = folderStore(folder)): Storage {
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  chmodSync(folder, FOLDER_MODE);
  const incoming = join(folder, INCOMING);
  const begin = async () => {
    await mkdir(incoming, { recursive: true, mode: FOLDER_MODE });
    return await openIncoming(join(incoming, crypto.randomUUID()), store);
  };
  return {
    async write(key, content) {
      const file = await begin();
      try {
        await file.append(content instanceof Blob ? new Uint8Array(await content.arrayBuffer()) : content);
        await file.keep(key);
      } finally {
        await file.discard();
      }
    },
    begin,
    read: async (key) => (KEY.test(key) ? await store.read(key) : null),
    remove: async (key) => !KEY.test(key) || (await store.remove(key)),
    async sweep() {
      for (const name of await readdir(incoming).catch(() => [])) {
        const path = join(incoming, name);
        const modifiedMs = (await stat(path).catch(() => null))?.mtimeMs ?? Date.now();
        if (Date.now() - modifiedMs > ABANDONED_AFTER_MS) await unlink(path).catch(() => {});
      }
    },
  };
}

function folderStore(folder: string): ObjectStore {
  return {
    async put(key, path) {
      const target = join(folder, key);
      await mkdir(dirname(target), { recursive: true, mode: FOLDER_MODE });
      await rename(path, target);
    },
    async read(key) {
      const file = Bun.file(join(folder, key));
      if (!(await file.exists())) return null;
      const { size } = file;
      return { size, bytes: async (start, end) => (start === 0 && end === size ? file : file.slice(start, end)) };
    },
    async remove(key) {
      return await unlink(join(folder, key)).then(
        () => true,
        (error) => error.code === "ENOENT",
      );
    },
  };
}

async function openIncoming(path: string, store: ObjectStore): Promise<Incoming> {
  const handle = await open(path, "wx", FILE_MODE);
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
      if (!KEY.test(key)) throw new Error(`Not a storage key: ${key}`);
      await handle.datasync();
      await close();
      await store.put(key, path);
      isKept = true;
    },
    async discard() {
      if (isKept) return;
      await close();
      await unlink(path).catch(() => {});
    },
  };
}
