import type { ReactNode } from "react";
import type { TargetType } from "../../api.ts";
import { formatNumber } from "../../format.ts";
import { Picture, Video } from "../../parts/media.tsx";
import { UserText } from "../../parts/user-text.tsx";
import { useLanguage } from "../../text/language.tsx";

/** What was reported, as it was when it was reported. */
export function Evidence({ targetType, snapshot }: { targetType: TargetType; snapshot: Snapshot | null }) {
  const { queue } = useLanguage().text;
  const shown = targetType === "video" ? <VideoEvidence {...snapshot} /> : <PersonEvidence {...snapshot} />;
  const isText = targetType === "comment" || targetType === "message";
  return (
    <section className="card evidence" aria-label={queue.evidence}>
      <h3>
        {queue.evidence} <small>{queue.evidenceHint}</small>
      </h3>
      {isText ? <TextEvidence {...snapshot} /> : shown}
    </section>
  );
}

type Snapshot = Record<string, unknown>;

function VideoEvidence({ url, thumbUrl, title, description, viewsCount, likesCount, commentsCount }: Snapshot) {
  const { queue } = useLanguage().text;
  const number = useNumber();
  return (
    <>
      <Video url={textOf(url)} thumbUrl={textOf(thumbUrl)} />
      <dl>
        <Field name={queue.title2} value={textOf(title)} />
        <Field name={queue.description} value={textOf(description)} />
      </dl>
      <p className="hint">
        {queue.views(number(viewsCount))} · {queue.likes(number(likesCount))} · {queue.comments(number(commentsCount))}
      </p>
    </>
  );
}

function PersonEvidence({ avatarUrl, authorUsername, fullName, bio, followerCount, videoCount }: Snapshot) {
  const { queue } = useLanguage().text;
  const number = useNumber();
  return (
    <>
      {textOf(avatarUrl) && <Picture url={textOf(avatarUrl)} />}
      <dl>
        <Field name={queue.person} value={textOf(authorUsername)} />
        <Field name={queue.fullName} value={textOf(fullName)} />
        <Field name={queue.bio} value={textOf(bio)} />
      </dl>
      <p className="hint">
        {queue.followers(number(followerCount))} · {queue.videos(number(videoCount))}
      </p>
    </>
  );
}

function TextEvidence({ text, videoTitle }: Snapshot) {
  const { queue } = useLanguage().text;
  return (
    <>
      <blockquote>
        <UserText>{textOf(text)}</UserText>
      </blockquote>
      <dl>
        <Field name={queue.onVideo} value={textOf(videoTitle)} />
      </dl>
    </>
  );
}

function Field({ name, value }: { name: string; value: string }): ReactNode {
  if (!value) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <UserText>{value}</UserText>
      </dd>
    </div>
  );
}

/** A snapshot is as old as its report, and of whatever shape reports had then. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function useNumber() {
  const { language } = useLanguage();
  return (value: unknown) => formatNumber(typeof value === "number" ? value : 0, language);
}
