import type { AnswerOf } from "@reelay/sdk";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { useActions } from "../../actions/actions.tsx";
import { undoOf } from "../../actions/undo.ts";
import { api, type User } from "../../api.ts";
import { DecisionDialog, type Draft } from "../../decisions/decision-dialog.tsx";
import { formatMoment, formatNumber } from "../../format.ts";
import { useKeys } from "../../keys/keys.ts";
import { Notes } from "../../notes/notes.tsx";
import { Button } from "../../parts/button.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Loaded, Received } from "../../parts/loaded.tsx";
import { Picture } from "../../parts/media.tsx";
import { Page } from "../../parts/page.tsx";
import { Age, Moment } from "../../parts/time.tsx";
import { Name, UserText } from "../../parts/user-text.tsx";
import { useAccount } from "../../session/session.tsx";
import { useLanguage, useText } from "../../text/language.tsx";
import { Entries } from "../audit/audit.tsx";
import { Reported } from "../reports/reported.tsx";
import { UserState } from "./users.tsx";

type Details = AnswerOf<"getAdminUser">;

export default function UserPage({ params }: { params: { id: string } }) {
  const id = Number(params.id);
  const text = useText();
  const query = useQuery({ queryKey: ["user", id], queryFn: ({ signal }) => api.getAdminUser({ id }, { signal }) });
  return (
    <Page title={query.data?.user.username ?? text.audit.targets.user} aside={<Received query={query} />}>
      <Loaded query={query}>{(details) => <Shown {...details} />}</Loaded>
    </Page>
  );
}

function Shown({ user, stats, recent_videos, recent_reports_against, bans, audit }: Details) {
  const { text, language } = useLanguage();
  const { users } = text;
  const number = (value: number) => formatNumber(value, language);
  return (
    <>
      <UserActions user={user} />
      <div className="details-body">
        <div className="subject-main">
          <section className="card evidence">
            <UserState user={user} />
            {user.avatarUrl && <Picture url={user.avatarUrl} />}
            {user.fullName && <Name>{user.fullName}</Name>}
            {user.bio && <UserText>{user.bio}</UserText>}
          </section>
          <Reported title={users.reportsAgainst} reports={recent_reports_against} />
          <section aria-label={users.recentVideos}>
            <h2>{users.recentVideos}</h2>
            <ul className="card side">
              {recent_videos.map(({ id, title, createdAt }) => (
                <li key={id}>
                  <Link href={`/videos/${id}`}>
                    <Name>{title}</Name>
                  </Link>{" "}
                  <Age at={createdAt} />
                </li>
              ))}
            </ul>
          </section>
          <section aria-label={users.history}>
            <h2>{users.history}</h2>
            <Entries entries={audit} />
          </section>
        </div>
        <aside className="rail">
          <section className="card">
            <Facts
              facts={[
                [users.email, user.email ?? text.none],
                [users.role, text.roles[user.role]],
                [users.followers, number(stats.followers)],
                [users.following, number(stats.following)],
                [users.videos, number(stats.videos)],
                [users.views, number(stats.total_views)],
                [users.likes, number(stats.total_likes)],
                [users.reportsBy, number(stats.reports_by_user)],
                [users.reportsAgainst, number(stats.reports_against_user)],
                [users.joined, <Moment key="joined" at={user.createdAt} />],
                [users.lastActive, user.lastActive ? <Age key="active" at={user.lastActive} /> : text.queue.never],
              ]}
            />
          </section>
          {bans.length > 0 && (
            <section className="card">
              <h3>{users.bans}</h3>
              <ul>
                {bans.map((ban) => (
                  <li key={ban.id} className={ban.liftedAt ? "undone" : undefined}>
                    <span>{ban.reason}</span>{" "}
                    <span className="hint">
                      {ban.until ? users.until(formatMoment(ban.until, language)) : users.forever}
                    </span>
                  </li>
                ))}
              </ul>
            </section>
          )}
          <Notes target={{ targetType: "user", targetId: user.id }} />
        </aside>
      </div>
    </>
  );
}

function UserActions({ user }: { user: User }) {
  const { users, decide } = useText();
  const { id: ownId } = useAccount();
  const { done, fail } = useActions();
  const [verb, setVerb] = useState<"warn" | "ban" | null>(null);
  const { id, isBanned } = user;
  const whyNot = id === ownId ? users.whyNotSelf : null;
  const undo = () => undoOf(ownId, { targetType: "user", targetId: id });
  const ask = (wanted: "warn" | "ban") => () => setVerb(whyNot ? null : wanted);
  const unban = async () => {
    try {
      await api.unbanUser({ id });
      await done(users.unbanned, await undo());
    } catch (error) {
      fail(error);
    }
  };
  const toggleBan = isBanned ? unban : ask("ban");
  useKeys({ w: ask("warn"), b: toggleBan });
  const confirm = async ({ reason, until }: Draft) => {
    if (verb === "ban") await api.banUser({ id, reason, until });
    else await api.warnUser({ id, reason });
    await done(decide.done[verb ?? "warn"], await undo());
  };
  return (
    <div className="subject-actions">
      <Button onPress={ask("warn")} shortcut="w" whyNot={whyNot}>
        {users.warn}
      </Button>
      <Button onPress={toggleBan} shortcut="b" whyNot={whyNot} tone={isBanned ? undefined : "danger"}>
        {isBanned ? users.unban : users.ban}
      </Button>
      {verb && <DecisionDialog verb={verb} hasReporters={false} onConfirm={confirm} onClose={() => setVerb(null)} />}
    </div>
  );
}
