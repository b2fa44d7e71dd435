import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Router } from "wouter";
import { ActionsProvider } from "../actions/actions.tsx";
import { isPassing } from "../api.ts";
import { PreferencesProvider } from "../preferences.tsx";
import { SignedIn, useAccount } from "../session/session.tsx";
import { LanguageProvider } from "../text/language.tsx";
import { Failure } from "./failure.tsx";
import { Shell } from "./shell.tsx";

const MAX_RETRIES = 2;

const queries = new QueryClient({
  defaultOptions: {
    queries: { retry: (failures, error) => failures < MAX_RETRIES && isPassing(error) },
  },
});

export function App() {
  return (
    <LanguageProvider>
      <Failure>
        <QueryClientProvider client={queries}>
          <SignedIn>
            <Staff />
          </SignedIn>
        </QueryClientProvider>
      </Failure>
    </LanguageProvider>
  );
}

function Staff() {
  const { id } = useAccount();
  return (
    <PreferencesProvider key={id} userId={id}>
      <ActionsProvider>
        <Router base="/admin">
          <Shell />
        </Router>
      </ActionsProvider>
    </PreferencesProvider>
  );
}
