import { useId } from "react";
import { session } from "../api.ts";
import { Choice } from "../parts/choice.tsx";
import { Name } from "../parts/user-text.tsx";
import { type Theme, usePreferences } from "../preferences.tsx";
import { useAccount } from "../session/session.tsx";
import { LANGUAGE_NAMES, LANGUAGES, useLanguage } from "../text/language.tsx";

const THEMES: readonly Theme[] = ["system", "light", "dark"];

/** Who is signed in, and what they have chosen for themselves. */
export function Settings() {
  const { username } = useAccount();
  const { text, language, choose } = useLanguage();
  const { preferences, change } = usePreferences();
  const id = useId();
  return (
    <>
      <button type="button" className="quiet who" popoverTarget={id}>
        <Name>{username}</Name>
      </button>
      <div popover="auto" id={id} className="settings">
        <h2>{text.settings.title}</h2>
        <Choice
          label={text.settings.theme}
          value={preferences.theme}
          options={THEMES.map((each) => [each, text.settings.themes[each]] as const)}
          onChange={(theme) => change({ theme })}
        />
        <Choice
          label={text.settings.language}
          value={language}
          options={LANGUAGES.map((each) => [each, LANGUAGE_NAMES[each]] as const)}
          onChange={choose}
        />
        <MediaSwitches />
        <button type="button" onClick={() => session.logout()}>
          {text.signIn.signOut}
        </button>
      </div>
    </>
  );
}

function MediaSwitches() {
  const { settings } = useLanguage().text;
  const { preferences, change } = usePreferences();
  const switches = ["blur", "grey", "mute", "still"] as const;
  return (
    <fieldset>
      <legend>{settings.media}</legend>
      {switches.map((name) => (
        <label key={name} className="switch">
          <input
            type="checkbox"
            checked={preferences[name]}
            onChange={(event) => change({ [name]: event.target.checked })}
          />
          {settings[name]}
        </label>
      ))}
      <p className="hint">{settings.mediaHint}</p>
    </fieldset>
  );
}
