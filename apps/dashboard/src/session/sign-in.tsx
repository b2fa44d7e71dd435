import { type FormEvent, useState } from "react";
import { type Account, session } from "../api.ts";
import { useErrorText, useText } from "../text/language.tsx";

export function SignIn({ refused }: { refused?: Account }) {
  const text = useText();
  return (
    <main className="sign-in">
      <div className="card">
        <h1>
          <span className="brand">{text.product}</span> {text.moderation}
        </h1>
        {refused ? <Refused account={refused} /> : <Form />}
      </div>
    </main>
  );
}

function Form() {
  const { signIn } = useText();
  const explain = useErrorText();
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    try {
      await session.login({ username: String(fields.get("username")), password: String(fields.get("password")) });
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <form onSubmit={submit}>
      <label>
        {signIn.account}
        <input name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} required />
      </label>
      <label>
        {signIn.password}
        <input name="password" type="password" autoComplete="current-password" required />
      </label>
      <p className="error" role="alert">
        {error !== null && explain(error)}
      </p>
      <button type="submit" className="primary" disabled={isBusy}>
        {isBusy ? signIn.submitting : signIn.submit}
      </button>
    </form>
  );
}

function Refused({ account }: { account: Account }) {
  const { signIn } = useText();
  return (
    <>
      <p>{signIn.signedInAs(account.username)}</p>
      <p role="alert">{signIn.notStaff}</p>
      <button type="button" onClick={() => session.logout()}>
        {signIn.signOut}
      </button>
    </>
  );
}
