import type { Language } from "../format.ts";
import { Key } from "../parts/key.tsx";
import { LANGUAGE_NAMES, LANGUAGES, useText } from "../text/language.tsx";

type Props = {
  reasons: readonly string[];
  chosen: number | null;
  language: Language;
  onChoose: (index: number) => void;
  onLanguage: (language: Language) => void;
};

/** Sentences to choose from, by their numbers or by hand. They are written in the language of whoever reads them. */
export function Reasons({ reasons, chosen, language, onChoose, onLanguage }: Props) {
  const { decide } = useText();
  return (
    <fieldset className="reasons">
      <legend>{decide.templates}</legend>
      <label className="choice">
        <span className="unseen">{decide.templateLanguage}</span>
        <select value={language} onChange={(event) => onLanguage(event.target.value as Language)}>
          {LANGUAGES.map((each) => (
            <option key={each} value={each}>
              {LANGUAGE_NAMES[each]}
            </option>
          ))}
        </select>
      </label>
      {reasons.map((reason, index) => (
        <label key={reason} className="switch">
          <input
            type="radio"
            name="reason"
            data-first={index === 0 || undefined}
            checked={index === chosen}
            onChange={() => onChoose(index)}
          />
          <Key>{String(index + 1)}</Key>
          <span lang={language}>{reason}</span>
        </label>
      ))}
    </fieldset>
  );
}
