import type { SessionStorage } from "../src/index.ts";

/** What two tabs share. */
export class MemoryStorage implements SessionStorage {
  readonly items = new Map<string, string>();
  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.items.set(key, value);
  }
  removeItem(key: string): void {
    this.items.delete(key);
  }
}

/** Answers later, as that of React Native does. */
export class SlowStorage implements SessionStorage {
  readonly #storage = new MemoryStorage();
  async getItem(key: string): Promise<string | null> {
    await nextTurn();
    return this.#storage.getItem(key);
  }
  async setItem(key: string, value: string): Promise<void> {
    await nextTurn();
    this.#storage.setItem(key, value);
  }
  async removeItem(key: string): Promise<void> {
    await nextTurn();
    this.#storage.removeItem(key);
  }
}

/** Is full, or cannot be used at all, as long as a test says so. */
export class BrokenStorage extends MemoryStorage {
  isFull = false;
  isLocked = false;
  override getItem(key: string): string | null {
    if (this.isLocked) throw new Error("The operation is insecure.");
    return super.getItem(key);
  }
  override setItem(key: string, value: string): void {
    if (this.isFull || this.isLocked) throw new Error("The quota has been exceeded.");
    super.setItem(key, value);
  }
  override removeItem(key: string): void {
    if (this.isLocked) throw new Error("The operation is insecure.");
    super.removeItem(key);
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
