import { randomBytes } from "node:crypto";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The signing secret of an instance that is configured with none: created once in its data folder, readable by its owner only. */
export async function ownSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, "jwt-secret");
  try {
    const file = await open(path, "wx", 0o600);
    await file.writeFile(randomBytes(32).toString("hex"));
    await file.sync();
    await file.close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return (await readFile(path, "utf8")).trim();
}
