/** Choosing one or several of many, with a search field: all of Slack's select menus. */
import { useId, type ReactNode } from "react";
import { ChoicesMenu } from "./choices-menu.tsx";
import type { Choice, ChoiceSource } from "./choices.ts";
import { Popover, usePopover } from "./popover.tsx";

export interface ComboboxProps {
  label: string;
  placeholder: string;
  /** Chosen ones, in the order of choosing. */
  chosen: readonly Choice[];
  choices: ChoiceSource;
  multiple: boolean;
  maxChosen?: number;
  minQueryLength?: number;
  pending: boolean;
  describedBy?: string;
  onChoose: (chosen: Choice[]) => void;
}

export const Combobox = (props: ComboboxProps): ReactNode => {
  const { label, chosen, multiple, maxChosen = Infinity, onChoose } = props;
  const id = useId();
  const popover = usePopover();
  const text = (!multiple && chosen[0]?.label) || props.placeholder;
  const without = ({ value }: Choice): Choice[] => chosen.filter((each) => each.value !== value);
  const pick = (choice: Choice): void => {
    const others = without(choice);
    if (!multiple) onChoose([choice]);
    else if (others.length < chosen.length) onChoose(others);
    else if (chosen.length < maxChosen) onChoose([...chosen, choice]);
  };
  return (
    <span className="combobox">
      {multiple &&
        chosen.map((choice) => (
          <span key={choice.value} className="chip">
            {choice.label}
            <button type="button" aria-label={`Remove ${choice.label}`} onClick={() => onChoose(without(choice))}>
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
        aria-label={`${label}: ${text}`}
        aria-describedby={props.describedBy}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          popover.show();
        }}
      >
        <span className={chosen.length > 0 && !multiple ? "" : "placeholder"}>{text}</span>
        <span className="caret" aria-hidden="true" />
      </button>
      <Popover id={id} state={popover} className="menu">
        <ChoicesMenu
          label={label}
          chosen={chosen}
          choices={props.choices}
          multiple={multiple}
          minQueryLength={props.minQueryLength ?? 0}
          onPick={pick}
          onClose={popover.close}
        />
      </Popover>
    </span>
  );
};
