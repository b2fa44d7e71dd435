import { mkdir, rename, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BunFile } from "bun";

/** Keys are made by us: lower-case folders and names, one dot. Nothing else reaches the disk. */
const KEY = /^[a-z0-9]+(\/[a-z0-9-]+)*\/[a-z0-9-]+\.[a-z0-9]+$/;

/** Files of users, by key, under one folder. */
export type Storage = {
  /** Writes whole or not at all: under another name first, then renamed. */
  write(key: string, content: Blob | Uint8Array): Promise<void>;
  /** The file of a key, null when the key is not one of ours or nothing is there. */
  read(key: string): Promise<BunFile | null>;
  remove(key: string): Promise<void>;
};

export function openStorage(folder: string): Storage {
  return {
    async write(key, content) {
      if (!KEY.test(key)) throw new Error(`Not a storage key: ${key}`);
      const path = join(folder, key);
      await mkdir(dirname(path), { recursive: true });
      const partial = `${path}.${crypto.randomUUID()}.part`;
      await Bun.write(partial, content);
      await rename(partial, path);
    },
    async read(key) {
      if (!KEY.test(key)) return null;
      const file = Bun.file(join(folder, key));
      return (await file.exists()) ? file : null;
    },
    async remove(key) {
      if (KEY.test(key)) await unlink(join(folder, key)).catch(() => {});
    },
  };
}
