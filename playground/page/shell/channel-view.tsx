import { useCallback, useMemo, useState, type ReactNode } from "react";
import type { Channel } from "../../client-protocol.ts";
import { useSession } from "../session/session-context.ts";
import { channelTitle } from "./channel-title.ts";
import { Composer } from "./composer.tsx";
import { FirstSteps } from "./first-steps.tsx";
import { MessageList } from "./message-list.tsx";
import { channelMessages } from "./thread-of.ts";

interface ChannelViewProps {
  channel: Channel;
  linkedTs: string | null;
  onMenu: () => void;
  onOpenThread: (ts: string) => void;
  onBecome: (userId: string) => void;
  onPortfolio: () => void;
}

const stepsKey = "first-steps";

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
      {channel.is_im ? "⌘" : "#"}
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

interface HeaderProps {
  channel: Channel;
  stepsOpen: boolean;
  onSteps: () => void;
  onMenu: () => void;
}

const Header = ({ channel, stepsOpen, onSteps, onMenu }: HeaderProps): ReactNode => (
  <header className="main-header">
    <button type="button" className="icon-button menu-button" aria-label="Open the menu" onClick={onMenu}>
      ☰
    </button>
    <div className="main-title">
      <h1>{channelTitle(channel)}</h1>
      <span className="topic">{channel.topic}</span>
    </div>
    <button type="button" className="button quiet" aria-expanded={stepsOpen} onClick={onSteps}>
      How this works
    </button>
  </header>
);

export const ChannelView = ({
  channel,
  linkedTs,
  onMenu,
  onOpenThread,
  onBecome,
  onPortfolio,
}: ChannelViewProps): ReactNode => {
  const { state, client, notes, addNote, dismissed, dismiss } = useSession();
  const messages = useMemo(() => channelMessages(state.messages, channel.id), [state.messages, channel.id]);
  const [given, setGiven] = useState<{ text: string } | null>(null);
  // On a phone they would cover what one came back to read.
  const [stepsOpen, setStepsOpen] = useState(
    !dismissed.has(stepsKey) && (messages.length < 3 || !matchMedia("(max-width: 760px)").matches),
  );
  const channelNotes = useMemo(
    () => notes.filter((note) => note.channel === channel.id && note.thread_ts === null),
    [notes, channel.id],
  );
  const onSend = useCallback(
    async (text: string): Promise<boolean> => {
      const delivery = text.startsWith("/")
        ? await client.command({ channel: channel.id, text })
        : await client.message({ channel: channel.id, text });
      if (delivery.error) addNote({ channel: channel.id, thread_ts: null, text: delivery.error });
      return delivery.ok || delivery.error === null;
    },
    [client, channel.id, addNote],
  );
  const tryLine = useCallback((text: string) => setGiven({ text }), []);
  return (
    <main className="main">
      <Header channel={channel} stepsOpen={stepsOpen} onSteps={() => setStepsOpen(!stepsOpen)} onMenu={onMenu} />
      {stepsOpen && (
        <FirstSteps
          onTry={tryLine}
          onBecome={onBecome}
          onPortfolio={onPortfolio}
          onDismiss={() => {
            dismiss(stepsKey);
            setStepsOpen(false);
          }}
        />
      )}
      <MessageList
        label={`Messages in ${channelTitle(channel)}`}
        messages={messages}
        notes={channelNotes}
        intro={<Intro channel={channel} empty={messages.length === 0} onTry={tryLine} />}
        linkedTs={linkedTs}
        onOpenThread={onOpenThread}
      />
      <Composer
        label={`Message ${channelTitle(channel)}`}
        testId="composer"
        given={given}
        autoFocus={matchMedia("(pointer: fine)").matches}
        onSend={onSend}
      />
    </main>
  );
};
