import { api } from "../api.ts";
import type { Undo } from "./toasts.tsx";

/** How the newest thing that somebody did to a target is undone; null where it cannot be. */
export async function undoOf(actor: number, target: { targetType: string; targetId: number }): Promise<Undo | null> {
  try {
    const { entries } = await api.listAuditLog({ actor, ...target, limit: 1 });
    const [entry] = entries;
    return entry?.isUndoable ? async () => (await api.undoEntry({ id: entry.id })).changed : null;
  } catch {
    // What was done stands, whether or not it can be undone from here.
    return null;
  }
}
