/** The panels under the page that look behind Slack. Which one is open outlives becoming another person. */
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";

export const toolNames = ["payloads", "faults"] as const;
export type ToolName = (typeof toolNames)[number];

export interface Tools {
  open: ToolName | null;
  show: (tool: ToolName | null) => void;
  toggle: (tool: ToolName) => void;
  /** Whether the person has just asked for the panel, so that the focus goes there; true once. */
  takeFocus: () => boolean;
}

/** With Alt; by the key's place, since with Alt it may write another character. */
export const toolKeys: Record<ToolName, { code: string; shown: string }> = {
  payloads: { code: "KeyP", shown: "Alt+P" },
  faults: { code: "KeyX", shown: "Alt+X" },
};

const storageKey = "cv-ops.tool";

const remembered = (): ToolName | null => {
  const stored = sessionStorage.getItem(storageKey);
  return toolNames.find((name) => name === stored) ?? null;
};

export const ToolsContext = createContext<Tools>({
  open: null,
  show: () => undefined,
  toggle: () => undefined,
  takeFocus: () => false,
});

export const useTools = (): Tools => useContext(ToolsContext);

export const useToolsState = (): Tools => {
  const [open, setOpen] = useState<ToolName | null>(remembered);
  const asked = useRef(false);
  const show = useCallback((tool: ToolName | null) => {
    asked.current = tool !== null;
    sessionStorage.setItem(storageKey, tool ?? "");
    setOpen(tool);
  }, []);
  const toggle = useCallback((tool: ToolName) => show(open === tool ? null : tool), [open, show]);
  const takeFocus = useCallback(() => {
    const wasAsked = asked.current;
    asked.current = false;
    return wasAsked;
  }, []);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!event.altKey || event.ctrlKey || event.metaKey) return;
      const tool = toolNames.find((name) => toolKeys[name].code === event.code);
      if (!tool) return;
      event.preventDefault();
      toggle(tool);
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, [toggle]);
  return useMemo(() => ({ open, show, toggle, takeFocus }), [open, show, toggle, takeFocus]);
};
