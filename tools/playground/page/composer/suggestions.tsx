/** The list of commands above the composer while a name is being typed. */
import { useEffect, useRef, useState, type ReactNode } from "react";
import { matchingCommands, type CommandHint } from "./commands.ts";

export interface SuggestionState {
  hints: CommandHint[];
  active: number;
  chosen: CommandHint | undefined;
  /** Whether the person went to another suggestion than the first. */
  moved: boolean;
  move: (step: 1 | -1) => void;
  close: () => void;
}

export const useSuggestions = (text: string): SuggestionState => {
  const [active, setActive] = useState(0);
  const [moved, setMoved] = useState(false);
  const [closedFor, setClosedFor] = useState<string | null>(null);
  useEffect(() => {
    setActive(0);
    setMoved(false);
  }, [text]);
  const hints = closedFor === text ? [] : matchingCommands(text);
  const shown = Math.min(active, Math.max(hints.length - 1, 0));
  return {
    hints,
    active: shown,
    chosen: hints[shown],
    moved,
    move: (step) => {
      setActive((shown + step + hints.length) % hints.length);
      setMoved(true);
    },
    close: () => setClosedFor(text),
  };
};

interface SuggestionsProps {
  id: string;
  hints: CommandHint[];
  active: number;
  onPick: (hint: CommandHint) => void;
}

export const Suggestions = ({ id, hints, active, onPick }: SuggestionsProps): ReactNode => {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Newer browsers answer with a promise, which must not become the effect's clean-up.
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <div className="suggestions">
      <div className="suggestions-title">
        Commands <span>Enter alone: your action items · ↑↓ choose · Tab complete</span>
      </div>
      <div ref={list} id={id} role="listbox" aria-label="Commands" className="suggestions-list">
        {hints.map((hint, index) => (
          <div
            key={hint.name}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            className="suggestion"
            onPointerDown={(event) => {
              event.preventDefault();
              onPick(hint);
            }}
          >
            <span className="suggestion-command">
              <b>/cv {hint.name}</b> <span>{hint.usage}</span>
            </span>
            <span className="suggestion-purpose">{hint.purpose}</span>
          </div>
        ))}
      </div>
    </div>
  );
};
