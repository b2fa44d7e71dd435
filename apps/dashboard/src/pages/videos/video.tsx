import type { AnswerOf } from "@reelay/sdk";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useActions } from "../../actions/actions.tsx";
import { undoOf } from "../../actions/undo.ts";
import { api, type Video } from "../../api.ts";
import { DecisionDialog, type Draft } from "../../decisions/decision-dialog.tsx";
import { formatNumber } from "../../format.ts";
import { useKeys } from "../../keys/keys.ts";
import { Notes } from "../../notes/notes.tsx";
import { Button } from "../../parts/button.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Loaded, Received } from "../../parts/loaded.tsx";
import { Video as Player } from "../../parts/media.tsx";
import { Page } from "../../parts/page.tsx";
import { Age, Moment } from "../../parts/time.tsx";
import { Name, UserText } from "../../parts/user-text.tsx";
import { useAccount } from "../../session/session.tsx";
import { useLanguage, useText } from "../../text/language.tsx";
import { Reported } from "../reports/reported.tsx";
import { Owner, VideoState } from "./videos.tsx";

type Details = AnswerOf<"getAdminVideo">;

export default function VideoPage({ params }: { params: { id: string } }) {
  const id = Number(params.id);
  const text = useText();
  const query = useQuery({ queryKey: ["video", id], queryFn: ({ signal }) => api.getAdminVideo({ id }, { signal }) });
  return (
    <Page title={query.data?.video.title ?? text.audit.targets.video} aside={<Received query={query} />}>
      <Loaded query={query}>{(details) => <Shown {...details} />}</Loaded>
    </Page>
  );
}

function Shown({ video, owner, stats, recent_comments, reports }: Details) {
  const { text, language } = useLanguage();
  const { videos, overview } = text;
  const number = (value: number) => formatNumber(value, language);
  return (
    <>
      <VideoActions video={video} />
      <div className="details-body">
        <div className="subject-main">
          <section className="card evidence">
            <VideoState video={video} />
            <Player url={video.videoUrl ?? ""} thumbUrl={video.thumbUrl ?? ""} />
            {video.description && <UserText>{video.description}</UserText>}
          </section>
          <Reported title={videos.reports} reports={reports} />
          <section aria-label={videos.comments}>
            <h2>{videos.comments}</h2>
            <ul className="card side">
              {recent_comments.map(({ id, content, user, createdAt }) => (
                <li key={id}>
                  <Name>{user.username}</Name> <Age at={createdAt} />
                  {content === null ? <p className="hint">{videos.gone}</p> : <UserText>{content}</UserText>}
                </li>
              ))}
            </ul>
          </section>
        </div>
        <aside className="rail">
          <section className="card">
            <Facts
              facts={[
                [videos.owner, <Owner key="owner" id={owner.id} name={owner.username} />],
                [overview.views, number(stats.views)],
                [overview.likes, number(stats.likes)],
                [overview.comments, number(stats.comments)],
                [videos.shares, number(stats.shares)],
                [videos.reports, number(stats.reports)],
                [videos.published, <Moment key="published" at={video.createdAt} />],
              ]}
            />
          </section>
          <Notes target={{ targetType: "video", targetId: video.id }} />
        </aside>
      </div>
    </>
  );
}

function VideoActions({ video: { id, deletedAt } }: { video: Video }) {
  const { videos, decide } = useText();
  const { id: ownId } = useAccount();
  const { done, fail } = useActions();
  const [verb, setVerb] = useState<"hide" | "delete" | null>(null);
  const undo = () => undoOf(ownId, { targetType: "video", targetId: id });
  const run = async (work: () => Promise<unknown>, message: string) => {
    try {
      await work();
      await done(message, await undo());
    } catch (error) {
      fail(error);
    }
  };
  const restore = () => run(() => api.restoreVideo({ id }), videos.restored);
  const unhide = () => run(() => api.unhideVideo({ id }), videos.unhidden);
  const whyNot = deletedAt ? videos.deleted : null;
  const askHide = () => setVerb(whyNot ? null : "hide");
  const toggleDelete = deletedAt ? restore : () => setVerb("delete");
  useKeys({ h: askHide, d: toggleDelete });
  const confirm = async ({ reason }: Draft) => {
    if (verb === "hide") await api.hideVideo({ id, reason });
    else await api.takeDownVideo({ id, reason });
    await done(decide.done[verb ?? "delete"], await undo());
  };
  return (
    <div className="subject-actions">
      <Button onPress={askHide} shortcut="h" whyNot={whyNot}>
        {videos.hide}
      </Button>
      <Button onPress={unhide} whyNot={whyNot}>
        {videos.unhide}
      </Button>
      <Button onPress={toggleDelete} shortcut="d" tone={deletedAt ? undefined : "danger"}>
        {deletedAt ? videos.restore : videos.delete}
      </Button>
      {verb && <DecisionDialog verb={verb} hasReporters={false} onConfirm={confirm} onClose={() => setVerb(null)} />}
    </div>
  );
}
