import type { Confirm } from "@slack/types";
import type { ReactNode } from "react";
import { isAdmin } from "../../slack/workspace.ts";
import { useSession } from "../session/session-context.ts";
import { appDescription, appName, globalShortcuts, messageShortcuts } from "../app-manifest.ts";
import { commandHints } from "../composer/commands.ts";

/** What the app can do: its commands, each ready to be tried, and its shortcuts. */
const removalOf = (place: string): Confirm => ({
  title: { type: "plain_text", text: `Remove ${appName}?` },
  text: { type: "plain_text", text: `${appName} can do nothing in ${place} until somebody installs it again.` },
  confirm: { type: "plain_text", text: "Remove app" },
  deny: { type: "plain_text", text: "Cancel" },
  style: "danger",
});

/** What an admin of Slack may do with the app. */
const RemoveApp = (): ReactNode => {
  const { ask, client, report, state } = useSession();
  const { team } = state;
  const place = team.isOrgWide ? `all workspaces of ${team.enterpriseName}` : team.name;
  const remove = async (): Promise<void> => {
    if (!(await ask(removalOf(place)))) return;
    const { error } = await client.uninstall();
    if (error) report(error);
  };
  if (!isAdmin(state.me)) return null;
  return (
    <>
      <h2>Configuration</h2>
      <button type="button" className="code-button" onClick={() => void remove()}>
        Remove app
      </button>
      <p className="about-purpose">It is installed in {place}.</p>
    </>
  );
};

export const AppAbout = ({ onTry }: { onTry: (line: string) => void }): ReactNode => (
  <div className="home-scroll" tabIndex={0} role="region" aria-label="About">
    <div className="home-column about">
      <p className="about-lead">{appDescription}.</p>
      <h2>Commands</h2>
      <ul className="about-list">
        {commandHints.map(({ name, usage, purpose }) => (
          <li key={name}>
            <button
              type="button"
              className="code-button"
              title="Put it into the composer"
              onClick={() => onTry(`/cv ${name}${usage === "" ? "" : " "}`)}
            >
              /cv {name}
            </button>
            <span className="about-purpose">{purpose}</span>
            {usage !== "" && <span className="about-usage">{usage}</span>}
          </li>
        ))}
      </ul>
      <h2>Shortcuts</h2>
      <ul className="about-list">
        {[...globalShortcuts, ...messageShortcuts].map(({ callbackId, name, description }) => (
          <li key={callbackId}>
            <b>{name}</b>
            <span className="about-purpose">{description}</span>
          </li>
        ))}
      </ul>
      <RemoveApp />
      <p className="about-note">
        The lightning button of the composer has the first kind, “More actions” on a message the second. {appName} runs
        on this machine; nothing leaves it.
      </p>
    </div>
  </div>
);
