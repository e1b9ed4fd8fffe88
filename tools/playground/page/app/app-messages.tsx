import { useEffect, useMemo, type ReactNode } from "react";
import type { Channel } from "../../client-protocol.ts";
import { appName, messagesAreReadOnly } from "../app-manifest.ts";
import { useSession } from "../session/session-context.ts";
import { ChannelComposer } from "../composer/channel-composer.tsx";
import { MessageList } from "../messages/message-list.tsx";
import { channelMessages } from "../messages/thread-of.ts";

/** What the app wrote to this person alone. */
export const AppMessages = ({
  channel,
  linkedTs,
  onOpenThread,
}: {
  channel: Channel;
  linkedTs: string | null;
  onOpenThread: (ts: string) => void;
}): ReactNode => {
  const { state, client, notes, report } = useSession();
  const messages = useMemo(() => channelMessages(state.messages, channel.id), [state.messages, channel.id]);
  const ownNotes = useMemo(
    () => notes.filter((note) => note.channel === channel.id && note.thread_ts === null),
    [notes, channel.id],
  );
  useEffect(() => {
    void client.openHome({ tab: "messages" }).then(({ error }) => {
      if (error !== null) report(`${appName} was notified that you are here, and answered "${error}".`);
    });
  }, [client, report]);
  return (
    <>
      <MessageList
        label={`Messages with ${appName}`}
        messages={messages}
        notes={ownNotes}
        intro={
          <div className="intro">
            <div className="intro-mark" aria-hidden="true">
              ⌘
            </div>
            <h2>{appName}</h2>
            <p>Only you see these messages.{messages.length === 0 && " There are none yet."}</p>
          </div>
        }
        linkedTs={linkedTs}
        onOpenThread={onOpenThread}
      />
      {messagesAreReadOnly ? (
        <p className="read-only">Sending messages to this app has been turned off. Type commands in a channel.</p>
      ) : (
        <ChannelComposer channel={channel} given={null} />
      )}
    </>
  );
};
