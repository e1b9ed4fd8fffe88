import { useEffect, useRef, type KeyboardEvent, type ReactNode } from "react";
import { type ToolName, toolKeys, toolNames, useTools } from "../session/tools.ts";
import { FaultsPanel } from "./faults-panel.tsx";
import { Inspector } from "./inspector.tsx";

export const toolTitles: Record<ToolName, string> = { payloads: "Payloads", faults: "Faults" };

const Tabs = ({ open, onShow }: { open: ToolName; onShow: (tool: ToolName) => void }): ReactNode => {
  const { takeFocus } = useTools();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Whoever opened it goes on in it; Escape leads back.
    if (!takeFocus()) return;
    const before = document.activeElement;
    list.current?.querySelector<HTMLElement>("[aria-selected=true]")?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, [takeFocus]);
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = toolNames[(toolNames.indexOf(open) + step + toolNames.length) % toolNames.length];
    if (!next) return;
    onShow(next);
    event.currentTarget.querySelector<HTMLElement>(`#tool-${next}`)?.focus();
  };
  return (
    <div ref={list} className="dock-tabs" role="tablist" aria-label="Behind Slack" onKeyDown={onKeyDown}>
      {toolNames.map((tool) => (
        <button
          key={tool}
          type="button"
          role="tab"
          id={`tool-${tool}`}
          aria-selected={tool === open}
          aria-controls="dock-panel"
          aria-keyshortcuts={toolKeys[tool].shown}
          tabIndex={tool === open ? 0 : -1}
          className="tab"
          onClick={() => onShow(tool)}
        >
          {toolTitles[tool]} <kbd className="tab-key">{toolKeys[tool].shown}</kbd>
        </button>
      ))}
    </div>
  );
};

/** The panel under the page: what goes back and forth, and what goes wrong on purpose. */
export const Dock = (): ReactNode => {
  const { open, show } = useTools();
  if (open === null) return null;
  return (
    <aside
      className="dock"
      aria-label="Behind Slack"
      data-testid="dock"
      onKeyDown={(event) => {
        if (event.key === "Escape") show(null);
      }}
    >
      <header className="dock-head">
        <Tabs open={open} onShow={show} />
        <button type="button" className="icon-button" aria-label="Close the panel" onClick={() => show(null)}>
          ✕
        </button>
      </header>
      <div className="dock-panel" id="dock-panel" role="tabpanel" aria-labelledby={`tool-${open}`}>
        {open === "payloads" ? <Inspector /> : <FaultsPanel />}
      </div>
    </aside>
  );
};
