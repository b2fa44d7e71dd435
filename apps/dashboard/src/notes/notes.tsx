import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useActions } from "../actions/actions.tsx";
import { api, type Note } from "../api.ts";
import { Loaded } from "../parts/loaded.tsx";
import { Age } from "../parts/time.tsx";
import { Name, UserText } from "../parts/user-text.tsx";
import { useAccount } from "../session/session.tsx";
import { useText } from "../text/language.tsx";

type Target = Pick<Note, "targetType" | "targetId">;

/** What staff wrote down about a person, a video or a report, for one another. */
export function Notes({ target }: { target: Target }) {
  const { notes } = useText();
  const query = useQuery({
    queryKey: ["notes", target],
    queryFn: ({ signal }) => api.listNotes(target, { signal }),
  });
  return (
    <section className="card side" aria-label={notes.title}>
      <h2>{notes.title}</h2>
      <Loaded query={query}>
        {(written) => (
          <ul>
            {written.map((note) => (
              <Written key={note.id} note={note} />
            ))}
          </ul>
        )}
      </Loaded>
      <Write target={target} />
    </section>
  );
}

function Written({ note }: { note: Note }) {
  const { notes } = useText();
  const { id } = useAccount();
  const { done, fail } = useActions();
  const remove = async () => {
    try {
      await api.deleteNote({ id: note.id });
      await done(notes.deleted);
    } catch (error) {
      fail(error);
    }
  };
  return (
    <li>
      <p className="hint">
        <Name>{note.author.username}</Name> · <Age at={note.createdAt} />
        {note.author.id === id && (
          <button type="button" className="link" onClick={remove}>
            {notes.delete}
          </button>
        )}
      </p>
      <UserText>{note.text}</UserText>
    </li>
  );
}

function Write({ target }: { target: Target }) {
  const { notes } = useText();
  const { done, fail } = useActions();
  const [text, setText] = useState("");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!text.trim()) return;
    try {
      await api.writeNote({ ...target, text });
      setText("");
      await done(notes.written);
    } catch (error) {
      fail(error);
    }
  };
  return (
    <form onSubmit={submit}>
      <textarea
        aria-label={notes.write}
        placeholder={notes.write}
        rows={2}
        maxLength={5000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit">{notes.save}</button>
    </form>
  );
}
