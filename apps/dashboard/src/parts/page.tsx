import { type ReactNode, useEffect, useRef } from "react";
import { useText } from "../text/language.tsx";

type Props = { title: string; aside?: ReactNode; children: ReactNode };

let hasOpenedOne = false;

/** Its heading takes the focus when one page follows another, so that a reader hears where they are. */
export function Page({ title, aside, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { product } = useText();
  useEffect(() => {
    document.title = `${title} · ${product}`;
  }, [title, product]);
  useEffect(() => {
    if (hasOpenedOne) heading.current?.focus({ preventScroll: true });
    hasOpenedOne = true;
  }, []);
  return (
    <div className="page">
      <header className="page-header">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {aside && <div className="page-aside">{aside}</div>}
      </header>
      {children}
    </div>
  );
}
