import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { type Account, api, codeOf, session } from "../api.ts";
import { Failed } from "../parts/loaded.tsx";
import { SignIn } from "./sign-in.tsx";

const Context = createContext<Account | null>(null);

/** The moderator at the keyboard. */
export function useAccount(): Account {
  const account = useContext(Context);
  if (!account) throw new Error("Nobody is signed in.");
  return account;
}

/** Shows what is inside to staff, and the form to sign in to everybody else. */
export function SignedIn({ children }: { children: ReactNode }) {
  const [userId, setUserId] = useState<number | null | undefined>(undefined);
  const queries = useQueryClient();
  useEffect(() => {
    const restore = async () => setUserId(await session.restore());
    restore();
    return session.onChange((next) => {
      // What was read for one person is not shown to the next.
      queries.clear();
      setUserId(next);
    });
  }, [queries]);
  const account = useQuery({
    queryKey: ["account", userId],
    queryFn: ({ signal }) => api.getCurrentUser({}, { signal }),
    enabled: typeof userId === "number",
  });
  if (userId === undefined) return null;
  if (userId === null || codeOf(account.error) === "NEEDS_TOKEN") return <SignIn />;
  if (account.error) return <Failed error={account.error} onRetry={() => account.refetch()} />;
  if (!account.data) return null;
  if (account.data.role === "user") return <SignIn refused={account.data} />;
  return <Context value={account.data}>{children}</Context>;
}
