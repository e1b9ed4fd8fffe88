import { useMemo, type ReactNode } from "react";
import type { Channel } from "../../client-protocol.ts";
import { useSession } from "../session/session-context.ts";
import { ChannelComposer } from "../composer/channel-composer.tsx";
import { channelTitle } from "./channel-title.ts";
import { Header } from "./header.tsx";
import { MessageList } from "../messages/message-list.tsx";
import { channelMessages } from "../messages/thread-of.ts";

interface ChannelViewProps {
  channel: Channel;
  linkedTs: string | null;
  /** Text for the composer. */
  given: { text: string } | null;
  onTaken: () => void;
  onTry: (line: string) => void;
  onMenu: () => void;
  onOpenThread: (ts: string) => void;
}

const Intro = ({
  channel,
  empty,
  onTry,
}: {
  channel: Channel;
  empty: boolean;
  onTry: (text: string) => void;
}): ReactNode => (
  <div className="intro">
    <div className="intro-mark" aria-hidden="true">
      #
    </div>
    <h2>{channelTitle(channel)}</h2>
    <p>{channel.topic || "This is the start of the channel."}</p>
    {empty && (
      <p>
        Nothing has happened here yet. Type{" "}
        <button type="button" className="code-button" onClick={() => onTry("/cv help")}>
          /cv help
        </button>{" "}
        to see what CV Ops can do.
      </p>
    )}
  </div>
);

export const ChannelView = ({
  channel,
  linkedTs,
  given,
  onTaken,
  onTry,
  onMenu,
  onOpenThread,
}: ChannelViewProps): ReactNode => {
  const { state, notes } = useSession();
  const messages = useMemo(() => channelMessages(state.messages, channel.id), [state.messages, channel.id]);
  const channelNotes = useMemo(
    () => notes.filter((note) => note.channel === channel.id && note.thread_ts === null),
    [notes, channel.id],
  );
  return (
    <main className="main">
      <Header title={channelTitle(channel)} topic={channel.topic} onMenu={onMenu} />
      <MessageList
        label={`Messages in ${channelTitle(channel)}`}
        messages={messages}
        notes={channelNotes}
        intro={<Intro channel={channel} empty={messages.length === 0} onTry={onTry} />}
        linkedTs={linkedTs}
        onOpenThread={onOpenThread}
      />
      <ChannelComposer channel={channel} given={given} onTaken={onTaken} />
    </main>
  );
};
