import type { Confirm } from "@slack/types";
import type { ReactNode } from "react";
import type { Person, Team } from "../../client-protocol.ts";
import { isAdmin } from "../../slack/workspace.ts";
import { MenuButton } from "../blocks/menu.tsx";
import { useSession } from "../session/session-context.ts";
import { Avatar } from "./avatar.tsx";
import { channelTitle } from "./channel-title.ts";
import { ShortcutsMenu } from "./shortcuts-menu.tsx";
import { isAppPlace } from "../app/app-place.ts";

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

const TeamName = ({ team, connected }: { team: Team; connected: boolean }): ReactNode => (
  <div className="workspace-name">
    <span className="workspace-mark" aria-hidden="true">
      {team.name.charAt(0)}
    </span>
    <span>
      <strong>{team.name}</strong>
      <small>
        <span className={connected ? "dot on" : "dot"} aria-hidden="true" />{" "}
        {connected ? "Running on this machine" : "Reconnecting…"}
      </small>
    </span>
  </div>
);

interface NavItemProps {
  icon: string;
  text: string;
  testId: string;
  current?: boolean;
  unread?: number;
  onClick: () => void;
}

const NavItem = ({ icon, text, testId, current = false, unread = 0, onClick }: NavItemProps): ReactNode => (
  <button
    type="button"
    className={unread > 0 ? "nav-item unread" : "nav-item"}
    aria-current={current ? "page" : undefined}
    data-testid={testId}
    onClick={onClick}
  >
    <span className="nav-icon" aria-hidden="true">
      {icon}
    </span>
    <span className="nav-text">{text}</span>
    {unread > 0 && (
      <span className="badge">
        {unread}
        <span className="hidden"> new</span>
      </span>
    )}
  </button>
);

/** What an admin of Slack may do with somebody's account. */
const AccountMenu = ({ person }: { person: Person }): ReactNode => {
  const { ask, client, report } = useSession();
  const { id, real_name: name, deleted = false } = person;
  const change = async (): Promise<void> => {
    if (!deleted && !(await ask(deactivationOf(name)))) return;
    const { error } = await client.setAccount({ user: id, active: deleted });
    if (error) report(error);
  };
  const content = deleted ? "Reactivate account" : "Deactivate account";
  return (
    <MenuButton
      className="account-menu"
      label={`Account of ${name}`}
      items={[{ key: "account", content, onPick: () => void change() }]}
    >
      ⋯
    </MenuButton>
  );
};

const deactivationOf = (name: string): Confirm => ({
  title: { type: "plain_text", text: "Deactivate this account?" },
  text: { type: "plain_text", text: `${name} can use nothing in this Slack until an admin reactivates the account.` },
  confirm: { type: "plain_text", text: "Deactivate" },
  deny: { type: "plain_text", text: "Cancel" },
  style: "danger",
});

const Persona = ({ person, isMe, onBecome }: { person: Person; isMe: boolean; onBecome: () => void }): ReactNode => (
  <button type="button" className="persona" aria-pressed={isMe} data-testid={`persona-${person.id}`} onClick={onBecome}>
    <Avatar person={person} size="small" />
    <span className="nav-text">
      {person.real_name}
      <small>{person.deleted ? "deactivated" : person.title}</small>
    </span>
    {isMe && <span className="you">you</span>}
  </button>
);

export const Sidebar = ({ at, open, connected, unread, onGo, onBecome, onClose, onReset }: SidebarProps): ReactNode => {
  const { state } = useSession();
  const channels = state.channels.filter((channel) => !channel.is_archived && !channel.is_im);
  const direct = state.channels.find((channel) => channel.is_im);
  const actors = state.people.filter((person) => !person.is_bot);
  return (
    <>
      {open && <button type="button" className="scrim" aria-label="Close the menu" onClick={onClose} />}
      <aside
        className={open ? "sidebar open" : "sidebar"}
        aria-label="Workspace"
        onKeyDown={(event) => {
          if (event.key === "Escape") onClose();
        }}
      >
        <TeamName team={state.team} connected={connected} />
        <div className="sidebar-scroll">
          <nav aria-label="Channels">
            <h2>Channels</h2>
            {channels.map((channel) => (
              <NavItem
                key={channel.id}
                icon="#"
                text={channelTitle(channel).replace(/^#/, "")}
                testId={`channel-${channel.id}`}
                current={at === channel.id}
                unread={unread[channel.id] ?? 0}
                onClick={() => onGo(channel.id)}
              />
            ))}
            <h2>Apps</h2>
            {!state.installed && (
              <a className="nav-item" href="/slack/install" data-testid="install-app">
                <span className="nav-icon" aria-hidden="true">
                  +
                </span>
                <span className="nav-text">Install CV Ops</span>
              </a>
            )}
            {state.installed && (
              <NavItem
                icon="⌘"
                text="CV Ops"
                testId="app-nav"
                current={isAppPlace(at, direct?.id)}
                unread={direct ? (unread[direct.id] ?? 0) : 0}
                onClick={() => onGo("home")}
              />
            )}
            {state.installed && (
              <ShortcutsMenu className="nav-item">
                <span className="nav-icon" aria-hidden="true">
                  ⚡
                </span>
                <span className="nav-text">Shortcuts</span>
              </ShortcutsMenu>
            )}
            <h2>What it changes</h2>
            <NavItem
              icon="▦"
              text="Portfolio"
              testId="portfolio-nav"
              current={at === "portfolio"}
              onClick={() => onGo("portfolio")}
            />
          </nav>
          <nav aria-label="Workspaces">
            <h2>Workspaces</h2>
            {state.workspaces.map(({ id, name, firstPerson }) => (
              <NavItem
                key={id}
                icon="▣"
                text={name}
                testId={`workspace-${id}`}
                current={id === state.team.id}
                onClick={() => {
                  if (id !== state.team.id) onBecome(firstPerson);
                }}
              />
            ))}
          </nav>
          <div role="group" aria-label="You are">
            <h2 aria-hidden="true">You are</h2>
            {actors.map((person) => (
              <div key={person.id} className="persona-row">
                <Persona person={person} isMe={person.id === state.me.id} onBecome={() => onBecome(person.id)} />
                {isAdmin(state.me) && !isAdmin(person) && <AccountMenu person={person} />}
              </div>
            ))}
          </div>
        </div>
        <div className="sidebar-foot">
          <NavItem icon="↺" text="Reset everything" testId="reset" onClick={onReset} />
        </div>
      </aside>
    </>
  );
};
