import type { ReactNode } from "react";
import { useSession } from "../session/session-context.ts";
import { Avatar } from "./avatar.tsx";
import { channelTitle } from "./channel-title.ts";

export interface SidebarProps {
  at: string;
  open: boolean;
  connected: boolean;
  unread: Record<string, number>;
  onGo: (at: string) => void;
  onBecome: (userId: string) => void;
  onClose: () => void;
  onReset: () => void;
}

export const Sidebar = ({ at, open, connected, unread, onGo, onBecome, onClose, onReset }: SidebarProps): ReactNode => {
  const { state } = useSession();
  const current = (isCurrent: boolean): "page" | undefined => (isCurrent ? "page" : undefined);
  return (
    <>
      {open && <button type="button" className="scrim" aria-label="Close the menu" onClick={onClose} />}
      <aside className={open ? "sidebar open" : "sidebar"} aria-label="Workspace">
        <div className="workspace-name">
          <span className="workspace-mark" aria-hidden="true">
            {state.team.name.charAt(0)}
          </span>
          <span>
            <strong>{state.team.name}</strong>
            <small>
              <span className={connected ? "dot on" : "dot"} aria-hidden="true" />{" "}
              {connected ? "Running on this machine" : "Reconnecting…"}
            </small>
          </span>
        </div>
        <div className="sidebar-scroll">
          <nav aria-label="Channels">
            <h2>Channels</h2>
            {state.channels
              .filter((channel) => !channel.is_archived)
              .map((channel) => (
                <button
                  key={channel.id}
                  type="button"
                  className={unread[channel.id] ? "nav-item unread" : "nav-item"}
                  aria-current={current(at === channel.id)}
                  data-testid={`channel-${channel.id}`}
                  onClick={() => onGo(channel.id)}
                >
                  <span className="nav-icon" aria-hidden="true">
                    {channel.is_im ? "⌘" : "#"}
                  </span>
                  <span className="nav-text">{channelTitle(channel).replace(/^#/, "")}</span>
                  {unread[channel.id] ? (
                    <span className="badge" aria-label={`${unread[channel.id]} new`}>
                      {unread[channel.id]}
                    </span>
                  ) : null}
                </button>
              ))}
            <h2>What it changes</h2>
            <button
              type="button"
              className="nav-item"
              aria-current={current(at === "portfolio")}
              data-testid="portfolio-nav"
              onClick={() => onGo("portfolio")}
            >
              <span className="nav-icon" aria-hidden="true">
                ▦
              </span>
              <span className="nav-text">Portfolio</span>
            </button>
          </nav>
          <div role="group" aria-label="You are">
            <h2 aria-hidden="true">You are</h2>
            {state.people
              .filter((person) => !person.is_bot)
              .map((person) => (
                <button
                  key={person.id}
                  type="button"
                  className="persona"
                  aria-pressed={person.id === state.me.id}
                  data-testid={`persona-${person.id}`}
                  onClick={() => onBecome(person.id)}
                >
                  <Avatar person={person} size="small" />
                  <span className="nav-text">
                    {person.real_name}
                    <small>{person.title}</small>
                  </span>
                  {person.id === state.me.id && <span className="you">you</span>}
                </button>
              ))}
          </div>
        </div>
        <div className="sidebar-foot">
          <button type="button" className="nav-item" data-testid="reset" onClick={onReset}>
            <span className="nav-icon" aria-hidden="true">
              ↺
            </span>
            <span className="nav-text">Reset everything</span>
          </button>
        </div>
      </aside>
    </>
  );
};
