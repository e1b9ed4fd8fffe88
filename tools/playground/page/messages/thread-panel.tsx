import { useCallback, useMemo, type ReactNode } from "react";
import type { Channel } from "../../client-protocol.ts";
import { useSession } from "../session/session-context.ts";
import { channelTitle } from "../shell/channel-title.ts";
import { Composer } from "../composer/composer.tsx";
import { MessageList } from "./message-list.tsx";
import { repliesTo } from "./thread-of.ts";

export const ThreadPanel = ({
  channel,
  parentTs,
  linkedTs,
  onClose,
}: {
  channel: Channel;
  parentTs: string;
  linkedTs: string | null;
  onClose: () => void;
}): ReactNode => {
  const { state, client, notes, addNote } = useSession();
  const replies = useMemo(
    () => repliesTo(state.messages, channel.id, parentTs),
    [state.messages, channel.id, parentTs],
  );
  const parent = state.messages.find((message) => message.channel === channel.id && message.ts === parentTs);
  const messages = useMemo(() => (parent ? [parent, ...replies] : replies), [parent, replies]);
  const threadNotes = useMemo(() => notes.filter((note) => note.thread_ts === parentTs), [notes, parentTs]);
  const onSend = useCallback(
    async (text: string): Promise<boolean> => {
      if (text.startsWith("/")) {
        addNote({
          channel: channel.id,
          thread_ts: parentTs,
          text: `\`${text.split(/\s/, 1)[0] ?? "/"}\` is not supported in threads. Sorry! Slash commands run in the channel.`,
        });
        return false;
      }
      const delivery = await client.message({ channel: channel.id, text, thread_ts: parentTs });
      if (delivery.error) addNote({ channel: channel.id, thread_ts: parentTs, text: delivery.error });
      return delivery.ok || delivery.error === null;
    },
    [client, channel.id, parentTs, addNote],
  );
  return (
    <aside
      className="thread"
      aria-label="Thread"
      data-testid="thread-panel"
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <header className="main-header">
        <div className="main-title">
          <h2>Thread</h2>
          <span className="topic">{channelTitle(channel)}</span>
        </div>
        <button type="button" className="icon-button" aria-label="Close the thread" onClick={onClose}>
          ✕
        </button>
      </header>
      <MessageList
        label="Thread"
        messages={messages}
        notes={threadNotes}
        intro={parent ? null : <p className="tombstone">The message that this thread belongs to is gone.</p>}
        afterFirst={
          <div className="reply-divider">
            <span>
              {replies.length === 0
                ? "No replies yet"
                : `${replies.length} ${replies.length === 1 ? "reply" : "replies"}`}
            </span>
          </div>
        }
        linkedTs={linkedTs}
        onOpenThread={null}
      />
      <Composer label="Reply…" testId="thread-composer" given={null} autoFocus={false} onSend={onSend} />
    </aside>
  );
};
