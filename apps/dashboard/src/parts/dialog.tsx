import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { useText } from "../text/language.tsx";

type Props = { title: string; onClose: () => void; children: ReactNode };

/** The browser's own dialog: what is behind it is inert, Escape closes it, and focus returns to where it was. */
export function Dialog({ title, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const { close } = useText();
  // Closed before it is removed, or the focus would be lost.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    element?.querySelector<HTMLElement>("[data-first]")?.focus();
    return () => element?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it, by the browser itself.
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div className="dialog">
        <header>
          <h2 id={titleId}>{title}</h2>
          <button type="button" className="quiet icon" aria-label={close} onClick={onClose}>
            ×
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
