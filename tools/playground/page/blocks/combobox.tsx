/** Choosing one or several of many, with a search field: all of Slack's select menus. */
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Popover, usePopover } from "./popover.tsx";

export interface Choice {
  value: string;
  label: string;
  description?: string;
  group?: string;
}

export interface Found {
  choices: readonly Choice[];
  /** Why there are none, when the app did not say which. */
  error: string | null;
}

export interface ComboboxProps {
  label: string;
  placeholder: string;
  /** Chosen ones, in the order of choosing. */
  chosen: readonly Choice[];
  choices: readonly Choice[] | ((query: string) => Promise<Found>);
  multiple: boolean;
  maxChosen?: number;
  minQueryLength?: number;
  pending: boolean;
  describedBy?: string;
  onChoose: (chosen: Choice[]) => void;
}

type Loaded = { state: "loading" } | { state: "short" } | ({ state: "ready" } & Found);

const typingPauseMs = 150;
/** How far PageDown goes in a menu. */
const pageSize = 8;

const useChoices = (source: ComboboxProps["choices"], query: string, minQueryLength: number): Loaded => {
  const [remote, setRemote] = useState<Loaded>({ state: "loading" });
  const loader = useRef(source);
  loader.current = source;
  const isRemote = typeof source === "function";
  useEffect(() => {
    if (!isRemote) return;
    if (query.length < minQueryLength) {
      setRemote({ state: "short" });
      return;
    }
    setRemote({ state: "loading" });
    let current = true;
    const timer = setTimeout(() => {
      const load = loader.current;
      if (typeof load === "function")
        void load(query).then((found) => current && setRemote({ state: "ready", ...found }));
    }, typingPauseMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [isRemote, query, minQueryLength]);
  return useMemo(() => {
    if (typeof source === "function") return remote;
    const wanted = query.trim().toLowerCase();
    return {
      state: "ready",
      choices: source.filter((choice) => choice.label.toLowerCase().includes(wanted)),
      error: null,
    };
  }, [source, remote, query]);
};

interface MenuOptionProps {
  id: string;
  choice: Choice;
  chosen: boolean;
  active: boolean;
  onPoint: () => void;
  onPick: () => void;
}

const MenuOption = ({ id, choice, chosen, active, onPoint, onPick }: MenuOptionProps): ReactNode => (
  <div
    id={id}
    role="option"
    aria-selected={chosen}
    data-active={active}
    className="menu-option"
    onPointerMove={onPoint}
    onClick={onPick}
  >
    <span className="menu-check" aria-hidden="true">
      {chosen ? "✓" : ""}
    </span>
    <span>
      {choice.label}
      {choice.description && <small>{choice.description}</small>}
    </span>
  </div>
);

/** What is said in place of choices; null when there are some. */
export const menuNote = (loaded: Loaded, minQueryLength: number): string | null => {
  switch (loaded.state) {
    case "loading":
      return "Loading…";
    case "short":
      return minQueryLength === 1
        ? "Type a character to search"
        : `Type ${minQueryLength} or more characters to search`;
    case "ready":
      return loaded.error ?? (loaded.choices.length === 0 ? "Nothing found" : null);
  }
};

const MenuNote = ({ loaded, minQueryLength }: { loaded: Loaded; minQueryLength: number }): ReactNode => {
  const text = menuNote(loaded, minQueryLength);
  const failed = loaded.state === "ready" && loaded.error !== null;
  return (
    <div className={failed ? "menu-note failed" : "menu-note"} role="status">
      {failed && <span aria-hidden="true">⚠ </span>}
      {text}
    </div>
  );
};

/** Choices that stand under one heading together, each with its place in the whole list. */
export const groupsOf = (
  choices: readonly Choice[],
): { group: string | undefined; items: { choice: Choice; index: number }[] }[] => {
  const groups: { group: string | undefined; items: { choice: Choice; index: number }[] }[] = [];
  for (const [index, choice] of choices.entries()) {
    const last = groups.at(-1);
    if (last && last.group === choice.group) last.items.push({ choice, index });
    else groups.push({ group: choice.group, items: [{ choice, index }] });
  }
  return groups;
};

/** Where a key leads in a list of `count`; null when the key does something else. */
export const nextActive = (key: string, active: number, count: number): number | null => {
  if (count === 0) return null;
  switch (key) {
    case "ArrowDown":
      return (active + 1) % count;
    case "ArrowUp":
      return (active - 1 + count) % count;
    case "PageDown":
      return Math.min(count - 1, active + pageSize);
    case "PageUp":
      return Math.max(0, active - pageSize);
    default:
      return null;
  }
};

interface ListProps {
  id: string;
  label: string;
  multiple: boolean;
  choices: readonly Choice[];
  active: number;
  isChosen: (choice: Choice) => boolean;
  onPoint: (index: number) => void;
  onPick: (choice: Choice) => void;
}

const ChoiceList = ({ id, label, multiple, choices, active, isChosen, onPoint, onPick }: ListProps): ReactNode => {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Newer browsers answer with a promise, which must not become the effect's clean-up.
    list.current?.querySelector("[data-active=true]")?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <div
      ref={list}
      id={id}
      role="listbox"
      aria-label={label}
      aria-multiselectable={multiple}
      className={choices.length > 0 ? "menu-list" : "menu-list empty-list"}
    >
      {groupsOf(choices).map(({ group, items }) => (
        <div
          key={`${group ?? ""} ${items[0]?.index ?? 0}`}
          role={group === undefined ? "presentation" : "group"}
          aria-label={group}
        >
          {group !== undefined && (
            <div className="menu-group" role="presentation">
              {group}
            </div>
          )}
          {items.map(({ choice, index }) => (
            <MenuOption
              key={choice.value}
              id={`${id}-${index}`}
              choice={choice}
              chosen={isChosen(choice)}
              active={index === active}
              onPoint={() => onPoint(index)}
              onPick={() => onPick(choice)}
            />
          ))}
        </div>
      ))}
    </div>
  );
};

const Menu = ({ props, id, close }: { props: ComboboxProps; id: string; close: () => void }): ReactNode => {
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const minQueryLength = props.minQueryLength ?? 0;
  const loaded = useChoices(props.choices, query, minQueryLength);
  const shown = loaded.state === "ready" ? loaded.choices : [];
  const isChosen = (choice: Choice): boolean => props.chosen.some((each) => each.value === choice.value);
  useEffect(() => {
    input.current?.focus();
  }, []);

  const pick = (choice: Choice): void => {
    if (!props.multiple) {
      close();
      props.onChoose([choice]);
    } else if (isChosen(choice)) props.onChoose(props.chosen.filter((each) => each.value !== choice.value));
    else if (props.chosen.length < (props.maxChosen ?? Infinity)) props.onChoose([...props.chosen, choice]);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = nextActive(event.key, active, shown.length);
    const choice = shown[active];
    if (next !== null) setActive(next);
    else if (event.key === "Enter") {
      if (choice) pick(choice);
    } else return;
    event.preventDefault();
  };

  return (
    <>
      <input
        ref={input}
        className="menu-search"
        role="combobox"
        aria-label={`Search: ${props.label}`}
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={shown[active] ? `${id}-list-${active}` : undefined}
        aria-autocomplete="list"
        autoComplete="off"
        placeholder="Search"
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ChoiceList
        id={`${id}-list`}
        label={props.label}
        multiple={props.multiple}
        choices={shown}
        active={active}
        isChosen={isChosen}
        onPoint={setActive}
        onPick={pick}
      />
      <MenuNote loaded={loaded} minQueryLength={minQueryLength} />
    </>
  );
};

export const Combobox = (props: ComboboxProps): ReactNode => {
  const id = useId();
  const popover = usePopover();
  const text = (!props.multiple && props.chosen[0]?.label) || props.placeholder;
  return (
    <span className="combobox">
      {props.multiple &&
        props.chosen.map((choice) => (
          <span key={choice.value} className="chip">
            {choice.label}
            <button
              type="button"
              aria-label={`Remove ${choice.label}`}
              onClick={() => props.onChoose(props.chosen.filter((each) => each.value !== choice.value))}
            >
              ×
            </button>
          </span>
        ))}
      <button
        type="button"
        ref={popover.anchor}
        popoverTarget={id}
        className={props.pending ? "select pending" : "select"}
        aria-haspopup="listbox"
        aria-expanded={popover.open}
        aria-label={`${props.label}: ${text}`}
        aria-describedby={props.describedBy}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          popover.show();
        }}
      >
        <span className={props.chosen.length > 0 && !props.multiple ? "" : "placeholder"}>{text}</span>
        <span className="caret" aria-hidden="true" />
      </button>
      <Popover id={id} state={popover} className="menu">
        <Menu props={props} id={id} close={popover.close} />
      </Popover>
    </span>
  );
};
