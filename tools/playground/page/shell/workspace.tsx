import { useCallback, useEffect, useState, type ReactNode } from "react";
import type { Channel } from "../../client-protocol.ts";
import { isAdmin } from "../../slack/workspace.ts";
import { PortfolioView } from "../portfolio/portfolio-view.tsx";
import type { Go, Place } from "../session/place.ts";
import { useSession } from "../session/session-context.ts";
import { useTools } from "../session/tools.ts";
import { Dock } from "../tools/dock.tsx";
import { appTabOf } from "../app/app-place.ts";
import { AppView } from "../app/app-view.tsx";
import { channelTitle } from "./channel-title.ts";
import { ChannelView } from "./channel-view.tsx";
import { FaultBanner } from "./fault-banner.tsx";
import { Header } from "./header.tsx";
import { GuideContext } from "../guide/guide.ts";
import { Sidebar } from "./sidebar.tsx";
import { ThreadPanel } from "../messages/thread-panel.tsx";
import { Toast } from "./toast.tsx";
import { useUnread } from "../messages/unread.ts";
import { useGuideState } from "../guide/use-guide-state.tsx";

interface WorkspaceProps {
  place: Place;
  go: Go;
  connected: boolean;
  /** A failure that belongs to no message. */
  trouble: string | null;
  onTroubleSeen: () => void;
}

const resetQuestion = {
  title: { type: "plain_text", text: "Reset everything?" },
  text: {
    type: "plain_text",
    text: "Messages, staged changes, commits and both targets are emptied, and the portfolio is seeded again.",
  },
  confirm: { type: "plain_text", text: "Reset" },
  deny: { type: "plain_text", text: "Cancel" },
  style: "danger",
} as const;

const useReset = (): { resetting: boolean; reset: () => Promise<void> } => {
  const { ask, client, addNote, state } = useSession();
  const [resetting, setResetting] = useState(false);
  const reset = async (): Promise<void> => {
    if (!(await ask(resetQuestion))) return;
    setResetting(true);
    const result = await client.reset();
    setResetting(false);
    const channel = state.channels[0]?.id;
    if (!result.ok && channel)
      addNote({ channel, thread_ts: null, text: `The reset failed: ${result.reason.message}` });
  };
  return { resetting, reset };
};

const useTitle = (title: string): void => {
  useEffect(() => {
    document.title = title;
  }, [title]);
};

const Banner = ({ text }: { text: string }): ReactNode => (
  <div className="banner" role="alert">
    <span className="spinner" aria-hidden="true" /> {text}
  </div>
);

/** What Slack has for somebody whose account was deactivated: nothing. */
const SignedOut = ({ onMenu }: { onMenu: () => void }): ReactNode => {
  const { state } = useSession();
  const admin = state.people.find(isAdmin)?.real_name;
  return (
    <main className="main">
      <Header title="Signed out" topic="" onMenu={onMenu} />
      <div className="splash" role="status">
        <p>
          Your account has been deactivated. {admin} can reactivate it: become {admin}, and open the menu beside your
          name.
        </p>
      </div>
    </main>
  );
};

interface CentreProps {
  at: string;
  place: Place;
  channel: Channel | undefined;
  unread: Record<string, number>;
  given: { text: string } | null;
  onTaken: () => void;
  onTry: (line: string) => void;
  onMenu: () => void;
  onOpenThread: (ts: string | null) => void;
  go: Go;
}

const Centre = ({
  at,
  place,
  channel,
  unread,
  given,
  onTaken,
  onTry,
  onMenu,
  onOpenThread,
  go,
}: CentreProps): ReactNode => {
  const { state } = useSession();
  if (state.me.deleted) return <SignedOut onMenu={onMenu} />;
  const direct = state.channels.find((each) => each.is_im);
  const tab = appTabOf(at, direct?.id);
  if (at === "portfolio") return <PortfolioView onMenu={onMenu} />;
  if (tab !== null && direct) {
    return (
      <AppView
        tab={tab}
        channel={direct}
        linkedTs={place.message}
        unread={unread[direct.id] ?? 0}
        onTab={(next) => go({ at: next === "messages" ? direct.id : next, thread: null })}
        onTry={onTry}
        onMenu={onMenu}
        onOpenThread={onOpenThread}
      />
    );
  }
  return channel ? (
    <ChannelView
      key={channel.id}
      channel={channel}
      linkedTs={place.message}
      given={given}
      onTaken={onTaken}
      onTry={onTry}
      onMenu={onMenu}
      onOpenThread={onOpenThread}
    />
  ) : (
    <main className="main">
      <p className="splash">This workspace has no channel.</p>
    </main>
  );
};

/** Puts a line into the composer of the channel where one types, from wherever one is. */
const useTry = (channel: Channel | undefined, go: Go) => {
  const { state } = useSession();
  const [given, setGiven] = useState<{ text: string } | null>(null);
  const typed = channel && !channel.is_im ? channel.id : state.channels[0]?.id;
  const onTry = useCallback(
    (text: string) => {
      setGiven({ text });
      if (typed) go({ at: typed });
    },
    [go, typed],
  );
  const onTaken = useCallback(() => setGiven(null), []);
  return { given, onTry, onTaken };
};

const placesWithoutChannel = new Set(["portfolio", "home", "about"]);

export const Workspace = ({ place, go, connected, trouble, onTroubleSeen }: WorkspaceProps): ReactNode => {
  const { state } = useSession();
  const { open: tool } = useTools();
  const [drawer, setDrawer] = useState(false);
  const { resetting, reset } = useReset();
  const isElsewhere = place.at !== null && placesWithoutChannel.has(place.at);
  const channel: Channel | undefined = isElsewhere
    ? undefined
    : (state.channels.find((each) => each.id === place.at) ?? state.channels[0]);
  const at = isElsewhere ? (place.at ?? "") : (channel?.id ?? "");
  const { given, onTry, onTaken } = useTry(channel, go);
  const unread = useUnread(state.messages, at, state.me.id);
  useTitle(`${titleOf(at, channel)} · ${state.me.real_name} · ${state.team.name}`);
  const thread =
    channel && state.messages.some(({ ts, thread_ts: parent }) => ts === place.thread || parent === place.thread)
      ? place.thread
      : null;
  const guide = useGuideState({ at, thread }, go, onTry);
  const openThread = useCallback((ts: string | null) => go({ thread: ts }), [go]);
  const openMenu = useCallback(() => setDrawer(true), []);
  return (
    <GuideContext value={guide}>
      <div className={`workspace${thread ? " with-thread" : ""}${tool ? " with-dock" : ""}`}>
        <div className="banners">
          {!connected && <Banner text="Connection lost. Trying to reconnect…" />}
          {resetting && <Banner text="Emptying and seeding again…" />}
          <FaultBanner />
        </div>
        <Sidebar
          at={at}
          open={drawer}
          connected={connected}
          unread={unread}
          onGo={(next) => {
            setDrawer(false);
            go({ at: next, thread: null });
          }}
          onBecome={(as) => {
            setDrawer(false);
            // Another person has other messages with the app.
            go(channel?.is_im ? { as, at: "home", thread: null } : { as });
          }}
          onClose={() => setDrawer(false)}
          onReset={() => void reset()}
        />
        <Centre
          {...{ at, place, channel, unread, given, onTaken, onTry, go }}
          onMenu={openMenu}
          onOpenThread={openThread}
        />
        {channel && thread && (
          <ThreadPanel
            key={thread}
            channel={channel}
            parentTs={thread}
            linkedTs={place.message}
            onClose={() => openThread(null)}
          />
        )}
        <Dock />
        {trouble !== null && <Toast text={trouble} onDismiss={onTroubleSeen} />}
      </div>
    </GuideContext>
  );
};

const titleOf = (at: string, channel: Channel | undefined): string => {
  if (at === "portfolio") return "Portfolio";
  return channel ? channelTitle(channel) : "CV Ops";
};
