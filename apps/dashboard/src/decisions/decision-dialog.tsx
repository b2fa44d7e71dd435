import { type FormEvent, type KeyboardEvent, useRef, useState } from "react";
import type { Action } from "../api.ts";
import type { Language } from "../format.ts";
import { isCommand } from "../keys/keys.ts";
import { Dialog } from "../parts/dialog.tsx";
import { useErrorText, useLanguage, useText } from "../text/language.tsx";
import { reasonsFor } from "../text/reasons.ts";
import { type Duration, endOf } from "./duration.ts";
import { Reasons } from "./reasons.tsx";
import { Until } from "./until.tsx";

/** What a moderator does about something that was reported. */
export type Verb = Action | "reject";

export type Draft = {
  /** What the person concerned reads. */
  reason: string | null;
  /** What the reporters read. */
  result: string | null;
  /** When a ban ends; null: never. */
  until: string | null;
  goesOn: boolean;
};

type Props = {
  verb: Verb;
  /** Reports stand behind it, whose authors are told. */
  hasReporters?: boolean;
  asksWhetherToGoOn?: boolean;
  /** A ban has no end to choose. */
  isForGood?: boolean;
  /** What it rejects with is shown, and the dialog stays. */
  onConfirm: (draft: Draft) => Promise<void>;
  onClose: () => void;
};

export function DecisionDialog(props: Props) {
  const { verb, hasReporters = true, asksWhetherToGoOn = false, isForGood = false, onConfirm, onClose } = props;
  const { decide, cancel } = useText();
  const form = useDraft(verb, onConfirm, onClose);
  const tellsPerson = verb !== "reject" && verb !== "none";
  return (
    <Dialog title={decide.titles[verb]} onClose={onClose}>
      <form ref={form.element} className="decision" onSubmit={form.submit} onKeyDown={form.press}>
        <Reasons
          reasons={form.reasons}
          chosen={form.chosen}
          language={form.language}
          onChoose={form.choose}
          onLanguage={form.setLanguage}
        />
        {tellsPerson && <Text label={decide.reason} value={form.reason} onChange={form.setReason} />}
        {hasReporters && <Text label={decide.result} value={form.result} onChange={form.setResult} />}
        {verb === "ban" && !isForGood && <Until value={form.duration} onChange={form.setDuration} />}
        {asksWhetherToGoOn && (
          <label className="switch">
            <input type="checkbox" checked={form.goesOn} onChange={(event) => form.setGoesOn(event.target.checked)} />
            {decide.goOn}
          </label>
        )}
        <p className="error" role="alert">
          {form.error}
        </p>
        <footer>
          <span className="hint">{decide.hint}</span>
          <button type="button" onClick={onClose}>
            {cancel}
          </button>
          <button type="submit" className={verb === "ban" || verb === "delete" ? "primary danger" : "primary"}>
            {form.isBusy ? decide.confirming : decide.confirm}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

type TextProps = { label: string; value: string; onChange: (value: string) => void };

function Text({ label, value, onChange }: TextProps) {
  return (
    <label>
      {label}
      <textarea value={value} rows={2} maxLength={500} dir="auto" onChange={(event) => onChange(event.target.value)} />
    </label>
  );
}

function useDraft(verb: Verb, onConfirm: Props["onConfirm"], onClose: () => void) {
  const spoken = useLanguage();
  const explain = useErrorText();
  const element = useRef<HTMLFormElement>(null);
  const [language, setLanguage] = useState<Language>(spoken.language);
  const [chosen, setChosen] = useState<number | null>(null);
  const [reason, setReason] = useState("");
  const [result, setResult] = useState("");
  const [duration, setDuration] = useState<Duration>("week");
  const [goesOn, setGoesOn] = useState(true);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const reasons = reasonsFor(verb, language);
  const choose = (index: number) => {
    const text = reasons[index];
    if (text === undefined) return;
    setChosen(index);
    if (verb === "reject" || verb === "none") setResult(text);
    else setReason(text);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setError("");
    try {
      const until = verb === "ban" ? endOf(duration, Date.now()) : null;
      await onConfirm({ reason: reason.trim() || null, result: result.trim() || null, until, goesOn });
      onClose();
    } catch (thrown) {
      setError(explain(thrown));
    } finally {
      setBusy(false);
    }
  };
  const press = (event: KeyboardEvent) => {
    if (isCommand(event.nativeEvent) && /^[1-9]$/.test(event.key)) {
      event.preventDefault();
      choose(Number(event.key) - 1);
    }
    if (confirms(event)) {
      event.preventDefault();
      element.current?.requestSubmit();
    }
  };
  return {
    ...{ element, reasons, chosen, language, reason, result, duration, goesOn, isBusy, error },
    ...{ choose, setLanguage, setReason, setResult, setDuration, setGoesOn, submit, press },
  };
}

/** Enter confirms from everywhere but a button, which it presses; with Shift it is a new line. */
function confirms({ key, shiftKey, target, nativeEvent }: KeyboardEvent): boolean {
  return key === "Enter" && !shiftKey && !nativeEvent.isComposing && (target as HTMLElement).tagName !== "BUTTON";
}
