import type { ReactNode } from "react";
import { useSession } from "../session/session-context.ts";
import { type ToolName, toolKeys, toolNames, useTools } from "../session/tools.ts";
import { toolTitles } from "../tools/dock.tsx";
import { useGuide } from "../guide/guide.ts";

const toolIcons: Record<ToolName, string> = { payloads: "{}", faults: "⚠" };

const ToolButton = ({ tool, active }: { tool: ToolName; active: number }): ReactNode => {
  const { open, toggle } = useTools();
  const { shown } = toolKeys[tool];
  return (
    <button
      type="button"
      className="button quiet tool"
      aria-pressed={open === tool}
      aria-keyshortcuts={shown}
      aria-label={active > 0 ? `${toolTitles[tool]}, ${active} on` : toolTitles[tool]}
      title={`${toolTitles[tool]} (${shown})`}
      data-testid={`tool-${tool}-toggle`}
      onClick={() => toggle(tool)}
    >
      <span className="tool-icon" aria-hidden="true">
        {toolIcons[tool]}
      </span>
      <span className="tool-name">{toolTitles[tool]}</span>
      {active > 0 && <span className="badge">{active}</span>}
    </button>
  );
};

const GuideButton = (): ReactNode => {
  const guide = useGuide();
  return (
    guide && (
      <button
        type="button"
        className="button quiet tool"
        aria-expanded={guide.open}
        aria-label="How this works"
        title="How this works"
        onClick={guide.toggle}
      >
        <span className="tool-icon" aria-hidden="true">
          ?
        </span>
        <span className="tool-name">How this works</span>
      </button>
    )
  );
};

interface HeaderProps {
  title: string;
  topic: string;
  onMenu: () => void;
  children?: ReactNode;
}

/** The line above everything that is shown: where one is, the panels that look behind it, and the first steps. */
export const Header = ({ title, topic, onMenu, children }: HeaderProps): ReactNode => {
  const { state } = useSession();
  return (
    <>
      <header className="main-header">
        <button type="button" className="icon-button menu-button" aria-label="Open the menu" onClick={onMenu}>
          ☰
        </button>
        <div className="main-title">
          <h1>{title}</h1>
          <span className="topic">{topic}</span>
        </div>
        {children}
        <GuideButton />
        {toolNames.map((tool) => (
          <ToolButton key={tool} tool={tool} active={tool === "faults" ? (state.faults?.length ?? 0) : 0} />
        ))}
      </header>
      {useGuide()?.panel}
    </>
  );
};
