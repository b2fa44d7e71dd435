import { useEffect, useState } from "react";
import { Key } from "../parts/key.tsx";
import { useText } from "../text/language.tsx";

/** Undoes one action; returns whether it was not undone before. */
export type Undo = () => Promise<boolean>;

export type Toast = { id: number; message: string; tone: "good" | "danger"; undo: Undo | null };

type Props = { toasts: readonly Toast[]; onUndo: () => void; onDismiss: (id: number) => void };

const SHOWN_MS = 10_000;

/** What was done, read out as it comes. */
export function Toasts({ toasts, onUndo, onDismiss }: Props) {
  const { toast } = useText();
  return (
    <section className="toasts" aria-label={toast.label}>
      <div role="status">
        {toasts.map((each) => (
          <Shown key={each.id} toast={each} onUndo={onUndo} onDismiss={onDismiss} />
        ))}
      </div>
    </section>
  );
}

/** It goes by itself, though not from under a hand or the focus. */
function Shown({ toast, onUndo, onDismiss }: Pick<Props, "onUndo" | "onDismiss"> & { toast: Toast }) {
  const text = useText();
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(() => onDismiss(toast.id), SHOWN_MS);
    return () => clearTimeout(timer);
  });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it is not operated by these, only held.
    <div
      className={`toast ${toast.tone}`}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span>{toast.message}</span>
      {toast.undo && (
        <button type="button" className="link" onClick={onUndo}>
          {text.toast.undo}
          <Key>u</Key>
        </button>
      )}
      <button type="button" className="quiet icon" aria-label={text.toast.dismiss} onClick={() => onDismiss(toast.id)}>
        ×
      </button>
    </div>
  );
}
