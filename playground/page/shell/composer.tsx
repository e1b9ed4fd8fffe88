import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { commandOf, matchingCommands, type CommandHint } from "./commands.ts";

export interface ComposerProps {
  label: string;
  testId: string;
  /** Text put into the composer from elsewhere; a new object each time. */
  draft: { text: string } | null;
  autoFocus: boolean;
  /** Resolves to false when it was not sent: the text comes back. */
  onSend: (text: string) => Promise<boolean>;
}

const remembered = 50;

/** Lines sent from this page, newest last: Up in the empty composer walks back through them. */
const history: string[] = [];

const Suggestions = ({
  id,
  hints,
  active,
  onPick,
}: {
  id: string;
  hints: CommandHint[];
  active: number;
  onPick: (hint: CommandHint) => void;
}): ReactNode => {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Newer browsers answer with a promise, which must not become the effect's clean-up.
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <div className="suggestions">
      <div className="suggestions-title">
        Commands <span>↑↓ choose · Tab complete · Enter run</span>
      </div>
      <div ref={list} id={id} role="listbox" aria-label="Commands" className="suggestions-list">
        {hints.map((hint, index) => (
          <div
            key={hint.verb}
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
              <b>/cv {hint.verb}</b> <span>{hint.usage}</span>
            </span>
            <span className="suggestion-purpose">{hint.purpose}</span>
          </div>
        ))}
      </div>
    </div>
  );
};

const useSuggestions = (text: string) => {
  const [active, setActive] = useState(0);
  const [moved, setMoved] = useState(false);
  const [closedFor, setClosedFor] = useState<string | null>(null);
  useEffect(() => {
    setActive(0);
    setMoved(false);
  }, [text]);
  const hints = closedFor === text ? [] : matchingCommands(text);
  return {
    hints,
    active: Math.min(active, Math.max(hints.length - 1, 0)),
    moved,
    move: (step: number) => {
      setActive((before) => (before + step + hints.length) % hints.length);
      setMoved(true);
    },
    close: () => setClosedFor(text),
  };
};

export const Composer = ({ label, testId, draft, autoFocus, onSend }: ComposerProps): ReactNode => {
  const [text, setText] = useState("");
  const [waiting, setWaiting] = useState(0);
  const recalled = useRef(0);
  const input = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const suggestions = useSuggestions(text);
  const hint = suggestions.hints.length === 0 ? commandOf(text) : null;

  useEffect(() => {
    if (!draft) return;
    setText(draft.text);
    input.current?.focus();
  }, [draft]);
  useLayoutEffect(() => {
    const element = input.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);

  const send = async (): Promise<void> => {
    const line = text.trim();
    if (line === "") return;
    if (history.at(-1) !== line) history.push(line);
    history.splice(0, history.length - remembered);
    recalled.current = 0;
    setText("");
    setWaiting((before) => before + 1);
    const sent = await onSend(line);
    setWaiting((before) => before - 1);
    if (!sent) setText((now) => (now === "" ? line : now));
  };
  const complete = (chosen: CommandHint): void => {
    setText(`/cv ${chosen.verb}${chosen.usage === "" ? "" : " "}`);
    input.current?.focus();
  };
  const recall = (step: number): void => {
    recalled.current = Math.max(0, Math.min(history.length, recalled.current + step));
    setText(recalled.current === 0 ? "" : (history.at(-recalled.current) ?? ""));
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const { hints, active, moved } = suggestions;
    const chosen = hints[active];
    if (chosen && (event.key === "ArrowDown" || event.key === "ArrowUp") && recalled.current === 0)
      suggestions.move(event.key === "ArrowDown" ? 1 : -1);
    else if (chosen && event.key === "Escape") {
      event.stopPropagation();
      suggestions.close();
    } else if (chosen && event.key === "Tab" && !event.shiftKey) complete(chosen);
    else if (event.key === "Enter" && !event.shiftKey) {
      // A complete verb runs; anything shorter is completed first.
      const isComplete = commandOf(text) !== null && !moved;
      if (chosen && !isComplete) complete(chosen);
      else void send();
    } else if (event.key === "ArrowUp" && (text === "" || recalled.current > 0) && history.length > 0) recall(1);
    else if (event.key === "ArrowDown" && recalled.current > 0) recall(-1);
    else return;
    event.preventDefault();
  };

  return (
    <div className="composer-frame">
      {suggestions.hints.length > 0 && (
        <Suggestions id={listId} hints={suggestions.hints} active={suggestions.active} onPick={complete} />
      )}
      {hint && (
        <div className="usage" role="status">
          <b>/cv {hint.verb}</b> {hint.usage} <span>{hint.purpose}</span>
        </div>
      )}
      <div className="composer">
        <textarea
          ref={input}
          rows={1}
          data-testid={testId}
          aria-label={label}
          placeholder={label}
          value={text}
          autoFocus={autoFocus}
          aria-controls={suggestions.hints.length > 0 ? listId : undefined}
          aria-autocomplete="list"
          aria-activedescendant={suggestions.hints.length > 0 ? `${listId}-${suggestions.active}` : undefined}
          onChange={(event) => {
            recalled.current = 0;
            setText(event.target.value);
          }}
          onKeyDown={onKeyDown}
        />
        <div className="composer-bar">
          <button
            type="button"
            className="icon-button slash"
            aria-label="Commands"
            title="Commands"
            onClick={() => {
              setText("/cv ");
              input.current?.focus();
            }}
          >
            /
          </button>
          <span className="composer-state" role="status">
            {waiting > 0 && (
              <>
                <span className="spinner" aria-hidden="true" /> Sending…
              </>
            )}
          </span>
          <span className="composer-keys">
            <kbd>Shift</kbd>+<kbd>Enter</kbd> for a new line
          </span>
          <button
            type="button"
            className="send"
            aria-label="Send"
            disabled={text.trim() === ""}
            onClick={() => void send()}
          >
            ➤
          </button>
        </div>
      </div>
    </div>
  );
};
