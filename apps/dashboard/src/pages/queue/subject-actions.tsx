import { useState } from "react";
import { useActions } from "../../actions/actions.tsx";
import { undoOf } from "../../actions/undo.ts";
import {
  api,
  codeOf,
  type Decision,
  type ReelayError,
  type Subject,
  type SubjectDetails,
  type SubjectName,
} from "../../api.ts";
import { DecisionDialog, type Draft, type Verb } from "../../decisions/decision-dialog.tsx";
import { formatTime } from "../../format.ts";
import { useKeys } from "../../keys/keys.ts";
import { Button } from "../../parts/button.tsx";
import { useAccount } from "../../session/session.tsx";
import { useLanguage, useText } from "../../text/language.tsx";

/** The subject to go on with; null: nothing waits; undefined: none was asked for. */
export type Following = SubjectName | null | undefined;

type Props = {
  subject: Subject;
  can: SubjectDetails["can"];
  filters: object;
  onNext: () => void;
  onDecided: (decidedAt: string, following: Following) => void;
  onOvertaken: (decision: Decision) => void;
};

export function SubjectActions(props: Props) {
  const { subject, onNext } = props;
  const { queue } = useText();
  const [verb, setVerb] = useState<Verb | null>(null);
  const claim = useClaim(subject);
  const whyNot = useWhyNot(subject, props.can);
  const ask = (wanted: Verb) => () => {
    if (!whyNot(wanted)) setVerb(wanted);
  };
  useKeys({
    ...{ c: claim.toggle, r: ask("reject"), w: ask("warn"), h: ask("hide"), d: ask("delete"), b: ask("ban") },
  });
  return (
    <>
      <div className="subject-actions" role="toolbar" aria-label={queue.actionsLabel}>
        <Button onPress={ask("reject")} shortcut="r" whyNot={whyNot("reject")}>
          {queue.reject}
        </Button>
        <Button onPress={ask("warn")} shortcut="w" whyNot={whyNot("warn")}>
          {queue.warn}
        </Button>
        <Button onPress={ask("hide")} shortcut="h" whyNot={whyNot("hide")}>
          {queue.hide}
        </Button>
        <Button onPress={ask("delete")} shortcut="d" whyNot={whyNot("delete")} tone="danger">
          {queue.delete}
        </Button>
        <Button onPress={ask("ban")} shortcut="b" whyNot={whyNot("ban")} tone="danger">
          {queue.ban}
        </Button>
        <Button onPress={ask("none")} whyNot={whyNot("none")}>
          {queue.uphold}
        </Button>
        <span className="gap" />
        <Button onPress={claim.toggle} shortcut="c" whyNot={claim.whyNot}>
          {claim.label}
        </Button>
        <Button onPress={onNext} shortcut="n" tone="primary">
          {queue.nextSubject}
        </Button>
      </div>
      {claim.notice && <p className="notice">{claim.notice}</p>}
      {verb && <Decide {...props} verb={verb} onClose={() => setVerb(null)} />}
    </>
  );
}

function Decide({
  verb,
  subject,
  filters,
  onDecided,
  onOvertaken,
  onClose,
}: Props & { verb: Verb; onClose: () => void }) {
  const { decide } = useText();
  const { done } = useActions();
  const { id } = useAccount();
  const { targetType, targetId } = subject;
  const confirm = async ({ reason, result, until, goesOn }: Draft) => {
    const skip = [{ targetType, targetId }];
    try {
      const answer = await api.decideSubject({
        ...{ targetType, targetId, reason, result, until },
        verdict: verb === "reject" ? "rejected" : "upheld",
        action: verb === "reject" ? "none" : verb,
        next: goesOn && { filters, skip },
      });
      onDecided(answer.decision.decidedAt, goesOn ? (answer.next ?? null) : undefined);
      const isDone = answer.changed || verb === "reject" || verb === "none";
      await done(isDone ? decide.done[verb] : decide.unchanged, await undoOf(id, { targetType, targetId }));
    } catch (error) {
      const decision = decisionIn(error);
      if (!decision) throw error;
      onClose();
      onOvertaken(decision);
    }
  };
  return <DecisionDialog verb={verb} asksWhetherToGoOn onConfirm={confirm} onClose={onClose} />;
}

/** What somebody who was faster has decided. */
function decisionIn(error: unknown): Decision | null {
  if (codeOf(error) !== "REPORT_ALREADY_DECIDED") return null;
  return ((error as ReelayError).details.decision as Decision | undefined) ?? null;
}

function useClaim(subject: Subject) {
  const { text, language } = useLanguage();
  const { id, role } = useAccount();
  const { done, fail } = useActions();
  const { targetType, targetId, claimedBy, claimedUntil } = subject;
  const isMine = claimedBy?.id === id;
  const isOthers = claimedBy !== null && !isMine;
  const mayNot = isOthers && role !== "admin" ? text.queue.whyNot.claimed(claimedBy.username) : null;
  const label = isMine ? text.queue.release : isOthers ? text.queue.takeOver : text.queue.claim;
  const toggle = async () => {
    if (mayNot) return;
    try {
      await (isMine ? api.releaseSubject : api.claimSubject)({ targetType, targetId });
      await done(label);
    } catch (error) {
      fail(error);
    }
  };
  const notice =
    isOthers && claimedUntil ? text.queue.worksOn(claimedBy.username, formatTime(claimedUntil, language)) : null;
  return { toggle, label, whyNot: mayNot, notice };
}

/** Why something cannot be decided, or null. */
function useWhyNot({ claimedBy }: Subject, can: SubjectDetails["can"]): (verb: Verb) => string | null {
  const { queue, errors } = useText();
  const { id } = useAccount();
  return (verb) => {
    if (claimedBy && claimedBy.id !== id) return queue.whyNot.claimed(claimedBy.username);
    const permission = can[verb];
    if (!permission) return queue.whyNot.type;
    return permission.ok ? null : ((errors as Record<string, string>)[permission.code ?? ""] ?? errors.FORBIDDEN);
  };
}
