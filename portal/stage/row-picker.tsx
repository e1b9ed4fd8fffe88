import { type KeyboardEvent, type ReactNode, useId, useState } from "react";
import { useSearch } from "../data/queries.ts";
import { useDebounced } from "../parts/use-debounced.ts";

export interface PickedRow {
  id: string;
  name: string;
}

/** A field that finds rows as somebody types (ARIA combobox): by meaning, and by its exact id or name in the end. */
export const RowPicker = ({
  entityType,
  picked,
  onPick,
  error,
}: {
  entityType: string;
  picked: PickedRow | null;
  onPick: (row: PickedRow | null) => void;
  error: string | null;
}): ReactNode => {
  const id = useId();
  const [typed, setTyped] = useState(picked?.name ?? "");
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const found = useSearch(useDebounced(typed.trim(), typedPauseMs));
  const hits = (found.data?.hits ?? []).filter((hit) => hit.entityType === entityType);
  const isShown = isOpen && typed.trim() !== "" && hits.length > 0;
  const pick = (row: PickedRow): void => {
    setTyped(row.name);
    setOpen(false);
    onPick(row);
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
          setAt(0);
          // What is typed may be an id or an exact name.
          onPick(text.trim() === "" ? null : { id: text.trim(), name: text.trim() });
        }}
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
        {error ?? (found.isFetching ? "Looking…" : "Type what it is about, its name or its id.")}
      </p>
    </div>
  );
};

const typedPauseMs = 250;
