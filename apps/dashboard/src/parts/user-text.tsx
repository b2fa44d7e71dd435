import { useState } from "react";
import { useText } from "../text/language.tsx";

/** A name or a title on one line: cut where it is too long, and unable to turn round what stands beside it. */
export function Name({ children, title }: { children: string; title?: string }) {
  return (
    <bdi className="name" title={title ?? children}>
      {children}
    </bdi>
  );
}

const SHOWN_CHARACTERS = 600;

/** What somebody wrote, as text and nothing else. Much of it is folded. */
export function UserText({ children }: { children: string }) {
  const { showMore, showLess } = useText();
  const [isOpen, setOpen] = useState(false);
  const isLong = children.length > SHOWN_CHARACTERS;
  return (
    <div className="user-text">
      <p dir="auto">{isLong && !isOpen ? `${cut(children)}…` : children}</p>
      {isLong && (
        <button type="button" className="link" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? showLess : showMore}
        </button>
      )}
    </div>
  );
}

/** Whole characters: what looks like one may be several units. */
function cut(text: string): string {
  const segments = new Intl.Segmenter().segment(text.slice(0, SHOWN_CHARACTERS));
  return [...segments]
    .slice(0, -1)
    .map(({ segment }) => segment)
    .join("");
}
