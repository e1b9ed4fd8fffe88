import type { ReactNode } from "react";
import { appDescription, appName, globalShortcuts, messageShortcuts } from "../app-manifest.ts";
import { commandHints } from "../composer/commands.ts";

/** What the app can do: its commands, each ready to be tried, and its shortcuts. */
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
      <p className="about-note">
        The lightning button of the composer has the first kind, “More actions” on a message the second. {appName} runs
        on this machine; nothing leaves it.
      </p>
    </div>
  </div>
);
