import { useEffect, useEffectEvent } from "react";

export type KeyMap = Readonly<Record<string, () => void>>;

type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "altKey" | "metaKey" | "isComposing" | "target">;

/** Calls what the map has for a key, unless somebody types, holds a modifier, or answers a dialog. */
export function useKeys(keys: KeyMap): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const run = isCommand(event) ? keys[event.key] : undefined;
    if (!run) return;
    event.preventDefault();
    run();
  });
  useEffect(() => {
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}

/** Shift is none of the modifiers: it makes `?` of another key. */
export function isCommand({ key, ctrlKey, altKey, metaKey, isComposing, target }: Pressed): boolean {
  return !ctrlKey && !altKey && !metaKey && !isComposing && key.length === 1 && !isTyping(target);
}

const UNTYPED = ["button", "checkbox", "radio", "submit", "reset"];

function isTyping(target: EventTarget | null): boolean {
  const { tagName, type, isContentEditable } = (target ?? {}) as Partial<HTMLInputElement>;
  if (tagName === "INPUT") return !UNTYPED.includes(type ?? "text");
  return tagName === "TEXTAREA" || tagName === "SELECT" || isContentEditable === true;
}
