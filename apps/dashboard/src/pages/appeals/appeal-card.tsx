import { type FormEvent, useState } from "react";
import { Link } from "wouter";
import { useActions } from "../../actions/actions.tsx";
import { type Appeal, api } from "../../api.ts";
import { Badge } from "../../parts/badge.tsx";
import { Age } from "../../parts/time.tsx";
import { Name, UserText } from "../../parts/user-text.tsx";
import { useErrorText, useText } from "../../text/language.tsx";

/** An appeal beside the decision it is against. */
export function AppealCard({ appeal }: { appeal: Appeal }) {
  const text = useText();
  const { decision, user } = appeal;
  const outcome = decision.action === "none" ? text.verdicts[decision.verdict] : text.actions[decision.action];
  return (
    <article className="card appeal">
      <header>
        <h2>
          <Link href={`/users/${user.id}`}>
            <Name>{user.username}</Name>
          </Link>
        </h2>
        <Age at={appeal.createdAt} />
      </header>
      <UserText>{appeal.text}</UserText>
      <div className="against">
        <p>
          <Badge tone="warning">{outcome}</Badge> {text.targets[decision.targetType]} ·{" "}
          <Name>{decision.decidedBy?.username ?? text.system}</Name> · <Age at={decision.decidedAt} />
        </p>
        {decision.reason && <UserText>{decision.reason}</UserText>}
      </div>
      {appeal.isOwnDecision && <p className="notice">{text.appeals.ownDecision}</p>}
      {appeal.status === "pending" ? (
        <Answer appeal={appeal} />
      ) : (
        <p>
          <Badge tone={appeal.status === "granted" ? "good" : "plain"}>{text.appeals.statuses[appeal.status]}</Badge>{" "}
          {appeal.result}
        </p>
      )}
    </article>
  );
}

function Answer({ appeal: { id } }: { appeal: Appeal }) {
  const { appeals } = useText();
  const { done } = useActions();
  const explain = useErrorText();
  const [error, setError] = useState("");
  const answer = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const result = String(new FormData(event.currentTarget).get("result")).trim() || null;
    const isGranted = (event.nativeEvent as SubmitEvent).submitter?.getAttribute("value") === "grant";
    try {
      await (isGranted ? api.grantAppeal : api.refuseAppeal)({ id, result });
      await done(isGranted ? appeals.granted : appeals.refused);
    } catch (thrown) {
      setError(explain(thrown));
    }
  };
  return (
    <form className="answer" onSubmit={answer}>
      <textarea name="result" rows={2} maxLength={500} aria-label={appeals.answer} placeholder={appeals.answer} />
      <p className="error" role="alert">
        {error}
      </p>
      <button type="submit" value="grant" className="primary">
        {appeals.grant}
      </button>
      <button type="submit" value="refuse">
        {appeals.refuse}
      </button>
    </form>
  );
}
