import { useText } from "../text/language.tsx";
import { DAYS, type Duration } from "./duration.ts";

type Props = { value: Duration; onChange: (value: Duration) => void };

export function Until({ value, onChange }: Props) {
  const { decide } = useText();
  return (
    <fieldset className="options">
      <legend>{decide.until}</legend>
      {(Object.keys(DAYS) as Duration[]).map((each) => (
        <label key={each} className="switch">
          <input type="radio" name="until" checked={each === value} onChange={() => onChange(each)} />
          {decide.durations[each]}
        </label>
      ))}
    </fieldset>
  );
}
