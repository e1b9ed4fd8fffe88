import { useEffect, useId, useLayoutEffect, useRef, type KeyboardEvent, type ReactNode } from "react";
import { commandOf, type CommandHint } from "./commands.ts";
import { useDraft, type Draft } from "./draft.ts";
import { ShortcutsMenu } from "../shell/shortcuts-menu.tsx";
import { Suggestions, useSuggestions, type SuggestionState } from "./suggestions.tsx";

export interface ComposerProps {
  label: string;
  testId: string;
  /** Text put into the composer from elsewhere; a new object each time. */
  given: { text: string } | null;
  /** The given text has been taken over. */
  onTaken?: () => void;
  autoFocus: boolean;
  /** Resolves to false when it was not sent: the text comes back. */
  onSend: (text: string) => Promise<boolean>;
}

/** What a key does; false leaves it to the browser. */
const handleKey = (
  event: KeyboardEvent,
  draft: Draft,
  suggestions: SuggestionState,
  complete: (hint: CommandHint) => void,
): boolean => {
  const { chosen } = suggestions;
  switch (event.key) {
    case "ArrowUp":
      if (chosen && !draft.recalling) suggestions.move(-1);
      else if (draft.text === "" || draft.recalling) draft.recall(1);
      else return false;
      return true;
    case "ArrowDown":
      if (chosen && !draft.recalling) suggestions.move(1);
      else if (draft.recalling) draft.recall(-1);
      else return false;
      return true;
    case "Escape":
      if (!chosen) return false;
      event.stopPropagation();
      suggestions.close();
      return true;
    case "Tab":
      if (!chosen || event.shiftKey) return false;
      complete(chosen);
      return true;
    case "Enter": {
      if (event.shiftKey) return false;
      // A complete name runs, and so does `/cv` alone; anything else is completed first.
      const stands = commandOf(draft.text) !== null || draft.text.trim() === "/cv";
      const isComplete = stands && !suggestions.moved;
      if (chosen && !isComplete) complete(chosen);
      else void draft.send();
      return true;
    }
    default:
      return false;
  }
};

const Usage = ({ hint }: { hint: CommandHint }): ReactNode => (
  <div className="usage" role="status">
    <b>/cv {hint.name}</b> {hint.usage} <span>{hint.purpose}</span>
  </div>
);

const Bar = ({ draft, onSlash }: { draft: Draft; onSlash: () => void }): ReactNode => (
  <div className="composer-bar">
    <button type="button" className="icon-button slash" aria-label="Commands" title="Commands" onClick={onSlash}>
      /
    </button>
    <ShortcutsMenu className="icon-button">⚡</ShortcutsMenu>
    <span className="composer-state" role="status">
      {draft.waiting && (
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
      disabled={draft.text.trim() === ""}
      onClick={() => void draft.send()}
    >
      ➤
    </button>
  </div>
);

export const Composer = ({ label, testId, given, onTaken, autoFocus, onSend }: ComposerProps): ReactNode => {
  const draft = useDraft(onSend);
  const suggestions = useSuggestions(draft.text);
  const input = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const suggesting = suggestions.hints.length > 0;
  const hint = suggesting ? null : commandOf(draft.text);
  const write = (text: string): void => {
    draft.edit(text);
    input.current?.focus();
  };
  const complete = (chosen: CommandHint): void => write(`/cv ${chosen.name}${chosen.usage === "" ? "" : " "}`);
  const shownGiven = useRef<ComposerProps["given"]>(null);
  useEffect(() => {
    if (!given || given === shownGiven.current) return;
    shownGiven.current = given;
    write(given.text);
    onTaken?.();
  });
  useLayoutEffect(() => {
    const element = input.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [draft.text]);
  return (
    <div className="composer-frame">
      {suggesting && (
        <Suggestions id={listId} hints={suggestions.hints} active={suggestions.active} onPick={complete} />
      )}
      {hint && <Usage hint={hint} />}
      <div className="composer">
        <textarea
          ref={input}
          rows={1}
          data-testid={testId}
          aria-label={label}
          placeholder={label}
          value={draft.text}
          autoFocus={autoFocus}
          aria-controls={suggesting ? listId : undefined}
          aria-autocomplete="list"
          aria-activedescendant={suggesting ? `${listId}-${suggestions.active}` : undefined}
          onChange={(event) => draft.edit(event.target.value)}
          onKeyDown={(event) => {
            if (!event.nativeEvent.isComposing && handleKey(event, draft, suggestions, complete))
              event.preventDefault();
          }}
        />
        <Bar draft={draft} onSlash={() => write("/cv ")} />
      </div>
    </div>
  );
};
