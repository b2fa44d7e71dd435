import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { codeOf, ReelayError } from "../api.ts";
import type { Language } from "../format.ts";
import { type Catalogue, en } from "./en.ts";

const STORED = "reelay.dashboard.language";

/** English is part of the page; another language comes when it is asked for. */
const LOADERS: Record<Language, () => Promise<Catalogue>> = {
  en: async () => en,
  vi: async () => (await import("./vi.ts")).vi,
};

export const LANGUAGES = Object.keys(LOADERS) as Language[];
/** Each by its own name, so that a reader of it finds it. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: "English", vi: "Tiếng Việt" };

type Spoken = { language: Language; text: Catalogue; choose: (language: Language) => void };

const Context = createContext<Spoken>({ language: "en", text: en, choose: () => {} });

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [wanted, setWanted] = useState(chosenLanguage);
  const [loaded, setLoaded] = useState<{ language: Language; text: Catalogue } | null>(
    wanted === "en" ? { language: "en", text: en } : null,
  );
  useEffect(() => {
    let isWanted = true;
    const load = async () => {
      const text = await LOADERS[wanted]().catch(() => en);
      if (isWanted) setLoaded({ language: wanted, text });
    };
    load();
    document.documentElement.lang = wanted;
    return () => {
      isWanted = false;
    };
  }, [wanted]);
  const spoken = useMemo(() => loaded && { ...loaded, choose: (next: Language) => choose(next, setWanted) }, [loaded]);
  return spoken && <Context value={spoken}>{children}</Context>;
}

export function useLanguage(): Spoken {
  return useContext(Context);
}

export function useText(): Catalogue {
  return useContext(Context).text;
}

/** A sentence for what failed: ours where there is one, else the server's. */
export function useErrorText(): (error: unknown) => string {
  const { errors, failedToLoad } = useText();
  return (error) => {
    const ours = (errors as Record<string, string>)[codeOf(error)];
    return ours ?? (error instanceof ReelayError ? error.message : failedToLoad);
  };
}

function chosenLanguage(): Language {
  const stored = localStorage.getItem(STORED);
  const known = LANGUAGES.find((each) => each === stored);
  return known ?? (navigator.language.startsWith("vi") ? "vi" : "en");
}

function choose(language: Language, setWanted: (language: Language) => void): void {
  localStorage.setItem(STORED, language);
  setWanted(language);
}
