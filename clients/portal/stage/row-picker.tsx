import { type KeyboardEvent, type ReactNode, useId, useState } from "react";
import type { Row } from "../data/queries.ts";
import { matchingRows, rowMeant } from "./rows.ts";

/** Maximum rows in the list; typing narrows it. */
const maxOptions = 50;

/** A combobox that finds rows while a person types (ARIA combobox pattern). */
export const RowPicker = ({
  rows,
  picked,
  typedBefore,
  onPick,
  error,
  hint,
}: {
  rows: readonly Row[];
  picked: Row | null;
  /** Initial text when no row is chosen. */
  typedBefore: string;
  onPick: (row: Row | null, typed: string) => void;
  error: string | null;
  hint: string;
}): ReactNode => {
  const id = useId();
  const [typed, setTyped] = useState(picked?.name ?? typedBefore);
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  // Opening the list again shows all rows.
  const [isTyping, setTyping] = useState(false);
  const hits = matchingRows(rows, isTyping ? typed : "").slice(0, maxOptions);
  const isShown = isOpen && hits.length > 0;
  const pick = (row: Row): void => {
    setTyped(row.name);
    setOpen(false);
    setTyping(false);
    setAt(0);
    onPick(row, row.name);
  };
  const keyed = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setOpen(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (isShown) setAt((at + step + hits.length) % hits.length);
    } else if (event.key === "Enter" && isShown) {
      event.preventDefault();
      const hit = hits[at];
      if (hit) pick(hit);
    } else if (event.key === "Escape" && isShown) {
      event.preventDefault();
      setOpen(false);
    }
  };
  return (
    <div className="field wide combobox">
      <label htmlFor={id}>Row</label>
      <input
        id={id}
        role="combobox"
        autoComplete="off"
        aria-expanded={isShown}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={isShown ? `${id}-${at}` : undefined}
        aria-invalid={error !== null}
        aria-describedby={`${id}-hint`}
        value={typed}
        onChange={(event) => {
          const text = event.target.value;
          setTyped(text);
          setOpen(true);
          setTyping(true);
          setAt(0);
          onPick(rowMeant(rows, text), text);
        }}
        onClick={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={keyed}
      />
      <div role="listbox" id={`${id}-list`} aria-label="Rows" className="options" hidden={!isShown}>
        {isShown &&
          hits.map((hit, index) => (
            <div
              key={hit.id}
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              onPointerDown={(event) => {
                event.preventDefault();
                pick(hit);
              }}
            >
              {hit.name} <span className="fine">{hit.id}</span>
            </div>
          ))}
      </div>
      <p id={`${id}-hint`} className={error === null ? "hint" : "error"}>
        {error ?? hint}
      </p>
    </div>
  );
};
