import { useCallback, useEffect, useState, type ReactNode } from "react";
import type { Channel } from "../../client-protocol.ts";
import { PortfolioView } from "../portfolio/portfolio-view.tsx";
import type { Go, Place } from "../session/place.ts";
import { useSession } from "../session/session-context.ts";
import { channelTitle } from "./channel-title.ts";
import { ChannelView } from "./channel-view.tsx";
import { Sidebar } from "./sidebar.tsx";
import { ThreadPanel } from "./thread-panel.tsx";
import { useUnread } from "./unread.ts";

interface WorkspaceProps {
  place: Place;
  go: Go;
  connected: boolean;
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

export const Workspace = ({ place, go, connected }: WorkspaceProps): ReactNode => {
  const { state } = useSession();
  const [drawer, setDrawer] = useState(false);
  const { resetting, reset } = useReset();
  const channel: Channel | undefined = state.channels.find((each) => each.id === place.at) ?? state.channels[0];
  const at = place.at === "portfolio" ? "portfolio" : (channel?.id ?? "");
  const unread = useUnread(state.messages, at, state.me.id);
  useTitle(
    `${at === "portfolio" || !channel ? "Portfolio" : channelTitle(channel)} · ${state.me.real_name} · ${state.team.name}`,
  );
  const thread = state.messages.some((message) => message.ts === place.thread || message.thread_ts === place.thread)
    ? place.thread
    : null;
  const openThread = useCallback((ts: string | null) => go({ thread: ts }), [go]);
  const become = useCallback((as: string) => go({ as }), [go]);
  const openMenu = useCallback(() => setDrawer(true), []);
  return (
    <div className={thread && at !== "portfolio" ? "workspace with-thread" : "workspace"}>
      {!connected && <Banner text="Connection lost. Trying to reconnect…" />}
      {resetting && <Banner text="Emptying and seeding again…" />}
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
          become(as);
        }}
        onClose={() => setDrawer(false)}
        onReset={() => void reset()}
      />
      {at === "portfolio" ? (
        <PortfolioView onMenu={openMenu} />
      ) : channel ? (
        <>
          <ChannelView
            key={channel.id}
            channel={channel}
            linkedTs={place.message}
            onMenu={openMenu}
            onOpenThread={openThread}
            onBecome={become}
            onPortfolio={() => go({ at: "portfolio", thread: null })}
          />
          {thread && (
            <ThreadPanel
              key={thread}
              channel={channel}
              parentTs={thread}
              linkedTs={place.message}
              onClose={() => openThread(null)}
            />
          )}
        </>
      ) : (
        <main className="main">
          <p className="splash">This workspace has no channel.</p>
        </main>
      )}
    </div>
  );
};
