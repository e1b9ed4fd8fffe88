/** Choosing one or several of many, with a search field: all of Slack's select menus. */
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Popover, usePopover } from "./popover.tsx";

export interface Choice {
  value: string;
  label: string;
  description?: string;
  group?: string;
}

export interface ComboboxProps {
  label: string;
  placeholder: string;
  /** Chosen ones, in the order of choosing. */
  chosen: readonly Choice[];
  choices: readonly Choice[] | ((query: string) => Promise<readonly Choice[]>);
  multiple: boolean;
  maxChosen?: number;
  minQueryLength?: number;
  pending: boolean;
  describedBy?: string;
  onChoose: (chosen: Choice[]) => void;
}

type Loaded = { state: "loading" } | { state: "short" } | { state: "ready"; choices: readonly Choice[] };

const typingPauseMs = 150;

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
        void load(query).then((choices) => current && setRemote({ state: "ready", choices }));
    }, typingPauseMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [isRemote, query, minQueryLength]);
  return useMemo(() => {
    if (typeof source === "function") return remote;
    const wanted = query.trim().toLowerCase();
    return { state: "ready", choices: source.filter((choice) => choice.label.toLowerCase().includes(wanted)) };
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

/** What is said in place of choices. */
const MenuNote = ({ loaded, minQueryLength }: { loaded: Loaded; minQueryLength: number }): ReactNode => {
  const text =
    loaded.state === "loading"
      ? "Loading…"
      : loaded.state === "short"
        ? `Type ${minQueryLength} or more characters to search`
        : loaded.choices.length === 0
          ? "No results"
          : null;
  return (
    text !== null && (
      <div className="menu-note" role="status">
        {text}
      </div>
    )
  );
};

const Menu = ({ props, id, close }: { props: ComboboxProps; id: string; close: () => void }): ReactNode => {
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const minQueryLength = props.minQueryLength ?? 0;
  const loaded = useChoices(props.choices, query, minQueryLength);
  const shown = loaded.state === "ready" ? loaded.choices : [];
  const isChosen = (choice: Choice): boolean => props.chosen.some((each) => each.value === choice.value);
  useEffect(() => {
    input.current?.focus();
  }, []);
  useEffect(() => {
    // Newer browsers answer with a promise, which must not become the effect's clean-up.
    list.current?.querySelector("[data-active=true]")?.scrollIntoView({ block: "nearest" });
  }, [active]);

  const pick = (choice: Choice): void => {
    if (!props.multiple) {
      close();
      props.onChoose([choice]);
    } else if (isChosen(choice)) props.onChoose(props.chosen.filter((each) => each.value !== choice.value));
    else if (props.chosen.length < (props.maxChosen ?? Infinity)) props.onChoose([...props.chosen, choice]);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length > 0) setActive((active + step + shown.length) % shown.length);
    else if (event.key === "Enter") {
      const choice = shown[active];
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
        aria-activedescendant={shown[active] ? `${id}-${active}` : undefined}
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
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label={props.label}
        aria-multiselectable={props.multiple}
        className="menu-list"
      >
        {shown.map((choice, index) => (
          <div key={choice.value} role="presentation">
            {choice.group !== undefined && choice.group !== shown[index - 1]?.group && (
              <div className="menu-group" role="presentation">
                {choice.group}
              </div>
            )}
            <MenuOption
              id={`${id}-${index}`}
              choice={choice}
              chosen={isChosen(choice)}
              active={index === active}
              onPoint={() => setActive(index)}
              onPick={() => pick(choice)}
            />
          </div>
        ))}
        <MenuNote loaded={loaded} minQueryLength={minQueryLength} />
      </div>
    </>
  );
};

export const Combobox = (props: ComboboxProps): ReactNode => {
  const id = useId();
  const popover = usePopover();
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
        aria-label={props.multiple ? props.label : `${props.label}: ${props.chosen[0]?.label ?? "nothing chosen"}`}
        aria-describedby={props.describedBy}
      >
        <span className={props.chosen.length > 0 && !props.multiple ? "" : "placeholder"}>
          {(!props.multiple && props.chosen[0]?.label) || props.placeholder}
        </span>
        <span className="caret" aria-hidden="true" />
      </button>
      <Popover id={id} state={popover} className="menu">
        <Menu props={props} id={id} close={popover.close} />
      </Popover>
    </span>
  );
};
