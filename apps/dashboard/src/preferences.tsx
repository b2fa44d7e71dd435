import { createContext, type ReactNode, useContext, useEffect, useState } from "react";

export type Theme = "system" | "light" | "dark";

export type Preferences = {
  theme: Theme;
  /** Of reported media: each weakens what it does to who looks at it. */
  blur: boolean;
  grey: boolean;
  mute: boolean;
  still: boolean;
};

const DEFAULTS: Preferences = { theme: "system", blur: true, grey: true, mute: true, still: true };

type Kept = { preferences: Preferences; change: (part: Partial<Preferences>) => void };

const Context = createContext<Kept>({ preferences: DEFAULTS, change: () => {} });

/** What a person chose, kept in this browser for them alone. */
export function PreferencesProvider({ userId, children }: { userId: number; children: ReactNode }) {
  const key = `reelay.dashboard.preferences.${userId}`;
  const [preferences, setPreferences] = useState(() => read(key));
  const { theme } = preferences;
  useEffect(() => {
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);
  const change = (part: Partial<Preferences>) => {
    const next = { ...preferences, ...part };
    localStorage.setItem(key, JSON.stringify(next));
    setPreferences(next);
  };
  return <Context value={{ preferences, change }}>{children}</Context>;
}

export function usePreferences(): Kept {
  return useContext(Context);
}

/** Somebody may have written anything there. */
function read(key: string): Preferences {
  try {
    const stored = JSON.parse(localStorage.getItem(key) ?? "{}");
    const theme = ["system", "light", "dark"].includes(stored.theme) ? stored.theme : DEFAULTS.theme;
    const kept = (name: "blur" | "grey" | "mute" | "still") => stored[name] !== false;
    return { theme, blur: kept("blur"), grey: kept("grey"), mute: kept("mute"), still: kept("still") };
  } catch {
    return DEFAULTS;
  }
}
