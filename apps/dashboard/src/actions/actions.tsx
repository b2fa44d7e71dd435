import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useRef, useState } from "react";
import { useKeys } from "../keys/keys.ts";
import { useErrorText, useText } from "../text/language.tsx";
import { type Toast, Toasts, type Undo } from "./toasts.tsx";

type Actions = {
  /** Says what was done, refreshes what is shown, and keeps how it is undone. */
  done: (message: string, undo?: Undo | null) => Promise<void>;
  fail: (error: unknown) => void;
};

const Context = createContext<Actions>({ done: async () => {}, fail: () => {} });

export function useActions(): Actions {
  return useContext(Context);
}

export function ActionsProvider({ children }: { children: ReactNode }) {
  const text = useText();
  const explain = useErrorText();
  const queries = useQueryClient();
  const [toasts, setToasts] = useState<Toast[]>([]);
  const nextId = useRef(0);
  const say = (message: string, tone: Toast["tone"], undo: Undo | null = null) => {
    const id = ++nextId.current;
    // An action is undone once, by whichever of its buttons.
    setToasts((before) => [
      ...before.slice(-2).map((each) => (undo ? { ...each, undo: null } : each)),
      { id, message, tone, undo },
    ]);
  };
  const lastUndo = useRef<Undo | null>(null);
  const fail = (error: unknown) => say(explain(error), "danger");
  const done = async (message: string, undo: Undo | null = null) => {
    lastUndo.current = undo;
    say(message, "good", undo);
    await queries.invalidateQueries();
  };
  const undoLast = async () => {
    const undo = lastUndo.current;
    if (!undo) return say(text.toast.nothingToUndo, "good");
    lastUndo.current = null;
    setToasts((before) => before.map((each) => ({ ...each, undo: null })));
    try {
      await done((await undo()) ? text.toast.undone : text.toast.undoneAlready);
    } catch (error) {
      fail(error);
    }
  };
  useKeys({ u: undoLast });
  const dismiss = (id: number) => setToasts((before) => before.filter((each) => each.id !== id));
  return (
    <Context value={{ done, fail }}>
      {children}
      <Toasts toasts={toasts} onUndo={undoLast} onDismiss={dismiss} />
    </Context>
  );
}
