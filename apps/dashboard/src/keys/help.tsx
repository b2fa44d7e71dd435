import { Dialog } from "../parts/dialog.tsx";
import { useText } from "../text/language.tsx";

/** What each key does, everywhere. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  const { keys } = useText();
  const meanings: [keys: string[], meaning: string][] = [
    [["j"], keys.next],
    [["k"], keys.previous],
    [["o"], keys.open],
    [["x"], keys.select],
    [["/"], keys.search],
    [["n"], keys.nextSubject],
    [["c"], keys.claim],
    [["r"], keys.reject],
    [["w"], keys.warn],
    [["h"], keys.hide],
    [["d"], keys.delete],
    [["b"], keys.ban],
    [["u"], keys.undo],
    [["1", "…", "9"], keys.template],
    [["Enter"], keys.confirm],
    [["Esc"], keys.cancel],
    [["?"], keys.help2],
  ];
  return (
    <Dialog title={keys.title} onClose={onClose}>
      <dl className="key-list">
        {meanings.map(([names, meaning]) => (
          <div key={meaning}>
            <dt>
              {names.map((name) => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p className="hint">{keys.hint}</p>
    </Dialog>
  );
}
