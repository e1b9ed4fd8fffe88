import type { KeyboardEvent, ReactNode } from "react";
import type { Channel } from "../../client-protocol.ts";
import { appDescription, appName } from "../app-manifest.ts";
import { AppAbout } from "./app-about.tsx";
import { AppHome } from "./app-home.tsx";
import { AppMessages } from "./app-messages.tsx";
import { type AppTab, appTabs } from "./app-place.ts";
import { Header } from "../shell/header.tsx";

interface AppViewProps {
  tab: AppTab;
  /** The person's direct messages with the app. */
  channel: Channel;
  linkedTs: string | null;
  unread: number;
  onTab: (tab: AppTab) => void;
  onMenu: () => void;
  onOpenThread: (ts: string) => void;
  onTry: (line: string) => void;
}

const Tabs = ({ tab, unread, onTab }: Pick<AppViewProps, "tab" | "unread" | "onTab">): ReactNode => {
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = appTabs.findIndex((each) => each.tab === tab);
    const next = appTabs[(at + step + appTabs.length) % appTabs.length];
    if (!next) return;
    onTab(next.tab);
    event.currentTarget.querySelector<HTMLElement>(`#app-tab-${next.tab}`)?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label={appName} onKeyDown={onKeyDown}>
      {appTabs.map((each) => (
        <button
          key={each.tab}
          type="button"
          role="tab"
          id={`app-tab-${each.tab}`}
          aria-selected={each.tab === tab}
          aria-controls="app-panel"
          tabIndex={each.tab === tab ? 0 : -1}
          className="tab"
          onClick={() => onTab(each.tab)}
        >
          {each.title}
          {each.tab === "messages" && unread > 0 && (
            <span className="badge">
              {unread}
              <span className="hidden"> new</span>
            </span>
          )}
        </button>
      ))}
    </div>
  );
};

/** The app itself: its Home, what it wrote to the person, what it can do. */
export const AppView = (props: AppViewProps): ReactNode => {
  const { tab, channel, linkedTs, unread, onTab, onMenu, onOpenThread, onTry } = props;
  return (
    <main className="main app-view">
      <Header title={appName} topic={appDescription} onMenu={onMenu} />
      <Tabs tab={tab} unread={unread} onTab={onTab} />
      <div
        className="app-panel"
        id="app-panel"
        role="tabpanel"
        aria-labelledby={`app-tab-${tab}`}
        data-testid={`app-${tab}`}
      >
        {tab === "home" && <AppHome />}
        {tab === "messages" && <AppMessages channel={channel} linkedTs={linkedTs} onOpenThread={onOpenThread} />}
        {tab === "about" && <AppAbout onTry={onTry} />}
      </div>
    </main>
  );
};
