import { expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStorage } from "./object-store.ts";

const mode = (...path: string[]) => (statSync(join(...path)).mode & 0o777).toString(8);

test("what users upload is closed to other users of the machine: folders, files, and what is on its way", async () => {
  const parent = mkdtempSync(join(tmpdir(), "reelay-storage-"));
  const folder = join(parent, "media");
  const before = process.umask(0o022);
  try {
    const storage = openStorage(folder);
    await storage.write("videos/a.mp4", new Uint8Array(3));
    const incoming = await storage.begin();
    expect([mode(folder), mode(folder, "videos"), mode(folder, ".incoming")]).toEqual(["700", "700", "700"]);
    expect(mode(folder, "videos/a.mp4")).toBe("600");
    expect(mode(incoming.file.name!)).toBe("600");
    await incoming.discard();
  } finally {
    process.umask(before);
    rmSync(parent, { recursive: true });
  }
});

test("a folder that an earlier start left open is closed by the next one, with all that lies in it", () => {
  const parent = mkdtempSync(join(tmpdir(), "reelay-storage-"));
  const folder = join(parent, "media");
  mkdirSync(join(folder, "videos"), { recursive: true });
  writeFileSync(join(folder, "videos/a.mp4"), "private");
  chmodSync(folder, 0o755);
  chmodSync(parent, 0o711);
  openStorage(folder);
  expect(mode(folder)).toBe("700");
  if (process.geteuid?.() === 0) {
    const stranger = Bun.spawnSync(["cat", join(folder, "videos/a.mp4")], { uid: 65_534, gid: 65_534 });
    expect(stranger.success).toBe(false);
  }
  expect(readdirSync(folder)).toEqual(["videos"]);
  rmSync(parent, { recursive: true });
});
