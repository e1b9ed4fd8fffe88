/** The search field and the list of a select menu. Keys, focus and roles are downshift's. */
import { type UseComboboxReturnValue, type UseComboboxState, useCombobox } from "downshift";
import { useState, type ReactNode } from "react";
import { menuNote, useChoices, type Choice, type ChoiceSource } from "./choices.ts";

interface OptionsProps {
  choices: readonly Choice[];
  chosen: readonly Choice[];
  highlightedIndex: number;
  getItemProps: UseComboboxReturnValue<Choice>["getItemProps"];
}

const Options = ({ choices, chosen, highlightedIndex, getItemProps }: OptionsProps): ReactNode =>
  [...Map.groupBy(choices.entries(), ([, { group }]) => group)].map(([group, items]) => (
    <div key={group ?? ""} role={group === undefined ? "presentation" : "group"} aria-label={group}>
      {group !== undefined && (
        <div className="menu-group" role="presentation">
          {group}
        </div>
      )}
      {items.map(([index, choice]) => {
        const isChosen = chosen.some(({ value }) => value === choice.value);
        return (
          <div
            key={choice.value}
            data-active={index === highlightedIndex}
            className="menu-option"
            {...getItemProps({ item: choice, index, "aria-selected": isChosen })}
          >
            <span className="menu-check" aria-hidden="true">
              {isChosen ? "✓" : ""}
            </span>
            <span>
              {choice.label}
              {choice.description && <small>{choice.description}</small>}
            </span>
          </div>
        );
      })}
    </div>
  ));

const { InputBlur, InputClick, MenuMouseLeave, InputKeyDownEnter, ItemClick } = useCombobox.stateChangeTypes;

interface ChoicesMenuProps {
  label: string;
  chosen: readonly Choice[];
  choices: ChoiceSource;
  multiple: boolean;
  minQueryLength: number;
  onPick: (choice: Choice) => void;
  onClose: () => void;
}

export const ChoicesMenu = (props: ChoicesMenuProps): ReactNode => {
  const { label, chosen, multiple, minQueryLength, onPick, onClose } = props;
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const loaded = useChoices(props.choices, query, minQueryLength);
  const choices = loaded.state === "ready" ? [...loaded.choices] : [];
  const { getInputProps, getMenuProps, getItemProps, highlightedIndex } = useCombobox<Choice>({
    items: choices,
    itemToString: (choice) => choice?.label ?? "",
    isOpen: true,
    inputValue: query,
    selectedItem: null,
    highlightedIndex: Math.min(active, choices.length - 1),
    defaultHighlightedIndex: 0,
    stateReducer: (state, { type, changes }): Partial<UseComboboxState<Choice>> => {
      switch (type) {
        // Leaving chooses nothing.
        case InputBlur:
        case InputClick:
        case MenuMouseLeave:
          return state;
        // Several are chosen one after the other, and Enter where nothing is found does nothing.
        case InputKeyDownEnter:
        case ItemClick:
          return changes.selectedItem && !multiple ? changes : { ...state, selectedItem: changes.selectedItem ?? null };
        default:
          return changes;
      }
    },
    onHighlightedIndexChange: ({ highlightedIndex: next }) => setActive(next),
    onIsOpenChange: onClose,
    onSelectedItemChange: ({ selectedItem }) => selectedItem && onPick(selectedItem),
  });
  const failed = loaded.state === "ready" && loaded.error !== null;
  return (
    <>
      <input
        className="menu-search"
        placeholder="Search"
        {...getInputProps({
          "aria-label": `Search: ${label}`,
          onChange: (event) => setQuery(event.currentTarget.value),
        })}
      />
      <div
        className={choices.length > 0 ? "menu-list" : "menu-list empty-list"}
        {...getMenuProps({ "aria-label": label, "aria-multiselectable": multiple })}
      >
        <Options choices={choices} chosen={chosen} highlightedIndex={highlightedIndex} getItemProps={getItemProps} />
      </div>
      <div className={failed ? "menu-note failed" : "menu-note"} role="status">
        {failed && <span aria-hidden="true">⚠ </span>}
        {menuNote(loaded, minQueryLength)}
      </div>
    </>
  );
};
