import type { ReactNode } from "react";
import type { LocalNote } from "../session/session-context.ts";
import { clockTime } from "../text/dates.ts";
import { useDirectory } from "../text/directory.ts";
import { Mrkdwn } from "../text/text-view.tsx";
import { Avatar } from "../shell/avatar.tsx";

/** What Slack itself says to the person, as Slackbot does. */
export const NoteView = ({ note, onDismiss }: { note: LocalNote; onDismiss: (key: string) => void }): ReactNode => {
  const { reader } = useDirectory();
  return (
    <article className="message private" data-testid="note" aria-label="Slackbot">
      <div className="gutter">
        <Avatar person={null} size="large" />
      </div>
      <div className="content">
        <div className="private-note">
          <span aria-hidden="true">◉</span> Only visible to you
        </div>
        <div className="byline">
          <span className="author">Slackbot</span>
          <span className="time">{clockTime(String(note.atMs / 1000), reader())}</span>
        </div>
        <Mrkdwn text={note.text} />
        <button type="button" className="link-button dismiss" onClick={() => onDismiss(note.id)}>
          Dismiss message
        </button>
      </div>
    </article>
  );
};
