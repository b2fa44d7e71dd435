import { type ReactNode, useId } from "react";
import { Key } from "./key.tsx";

type Props = {
  children: ReactNode;
  onPress: () => void;
  /** Which key does the same. */
  shortcut?: string;
  /** Why it may not be pressed now; it can be reached all the same, so that the reason is found. */
  whyNot?: string | null;
  tone?: "primary" | "danger" | "quiet";
};

export function Button({ children, onPress, shortcut, whyNot, tone }: Props) {
  const reasonId = useId();
  return (
    <span className="press">
      <button
        type="button"
        className={tone}
        aria-disabled={whyNot ? true : undefined}
        aria-describedby={whyNot ? reasonId : undefined}
        aria-keyshortcuts={shortcut}
        onClick={() => {
          if (!whyNot) onPress();
        }}
      >
        {children}
        {shortcut && <Key>{shortcut}</Key>}
      </button>
      {whyNot && (
        <span className="why" id={reasonId} role="tooltip">
          {whyNot}
        </span>
      )}
    </span>
  );
}
