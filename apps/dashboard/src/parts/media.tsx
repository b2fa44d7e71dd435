import { type ReactNode, useState } from "react";
import { usePreferences } from "../preferences.tsx";
import { useText } from "../text/language.tsx";

/** A reported video: weakened as its reader chose, and played when they ask for it. */
export function Video({ url, thumbUrl }: { url: string; thumbUrl: string }) {
  const { media } = useText();
  const { preferences } = usePreferences();
  const [isMissing, setMissing] = useState(false);
  if (!url || isMissing) return <Missing />;
  return (
    <Weakened>
      <video
        src={url}
        poster={thumbUrl || undefined}
        aria-label={media.video}
        controls
        playsInline
        loop
        preload={preferences.still ? "metadata" : "auto"}
        autoPlay={!preferences.still}
        muted={preferences.mute}
        onError={() => setMissing(true)}
      />
    </Weakened>
  );
}

export function Picture({ url }: { url: string }) {
  const { media } = useText();
  const [isMissing, setMissing] = useState(false);
  if (!url || isMissing) return <Missing />;
  return (
    <Weakened>
      <img src={url} alt={media.alt} onError={() => setMissing(true)} />
    </Weakened>
  );
}

/** Shown clearly only as long as the reader looks at this one. */
function Weakened({ children }: { children: ReactNode }) {
  const { media } = useText();
  const { blur, grey } = usePreferences().preferences;
  const [isClear, setClear] = useState(false);
  const classes = ["media", blur && !isClear && "blurred", grey && !isClear && "grey"].filter(Boolean);
  return (
    <div className={classes.join(" ")}>
      <div className="media-frame">{children}</div>
      {(blur || grey) && (
        <button type="button" aria-pressed={isClear} onClick={() => setClear(!isClear)}>
          {isClear ? media.conceal : media.reveal}
        </button>
      )}
    </div>
  );
}

function Missing() {
  const { media } = useText();
  return <p className="media-missing hint">{media.missing}</p>;
}
