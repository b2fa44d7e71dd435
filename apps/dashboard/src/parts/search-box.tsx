import { type FormEvent, useEffect, useState } from "react";
import { useText } from "../text/language.tsx";

const SETTLED_MS = 300;

/** What is looked for, once nobody has typed for a moment; Enter does not wait. */
export function SearchBox({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { lists } = useText();
  const [typed, setTyped] = useState(value);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onChange(typed), SETTLED_MS);
    return () => clearTimeout(timer);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChange(typed);
  };
  return (
    <search>
      <form className="choice" onSubmit={submit}>
        <label htmlFor="search">{lists.search}</label>
        <input id="search" type="search" value={typed} onChange={(event) => setTyped(event.target.value)} />
      </form>
    </search>
  );
}
