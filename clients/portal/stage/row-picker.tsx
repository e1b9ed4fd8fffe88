import { useCombobox } from "downshift";
import { type ReactNode, useId, useState } from "react";
import type { Row } from "../data/queries.ts";
import { matchingRows, rowMeant } from "./rows.ts";

/** Maximum rows in the list; typing narrows it. */
const maxOptions = 50;

const { InputBlur, InputKeyDownEscape } = useCombobox.stateChangeTypes;

interface RowPickerProps {
  rows: readonly Row[];
  picked: Row | null;
  /** Initial text when no row is chosen. */
  typedBefore: string;
  onPick: (row: Row | null, typed: string) => void;
  error: string | null;
  hint: string;
}

/** A combobox that finds rows while a person types. */
export const RowPicker = ({ rows, picked, typedBefore, onPick, error, hint }: RowPickerProps): ReactNode => {
  const id = useId();
  const [typed, setTyped] = useState(picked?.name ?? typedBefore);
  // Opening the list again shows all rows.
  const [isTyping, setTyping] = useState(false);
  const [isAsked, setAsked] = useState(false);
  const items = matchingRows(rows, isTyping ? typed : "").slice(0, maxOptions);
  const { isOpen, getLabelProps, getInputProps, getMenuProps, getItemProps } = useCombobox<Row>({
    inputId: id,
    items,
    itemToString: (row) => row?.name ?? "",
    isOpen: isAsked && items.length > 0,
    inputValue: typed,
    selectedItem: null,
    defaultHighlightedIndex: 0,
    // Leaving the field chooses nothing; Escape keeps the text.
    stateReducer: ({ inputValue }, { type, changes }) =>
      type === InputBlur || type === InputKeyDownEscape
        ? { isOpen: false, highlightedIndex: -1, inputValue, selectedItem: null }
        : changes,
    onIsOpenChange: ({ isOpen: next }) => setAsked(next),
    onSelectedItemChange: ({ selectedItem: row }) => {
      if (!row) return;
      setTyped(row.name);
      setTyping(false);
      onPick(row, row.name);
    },
  });
  return (
    <div className="field wide combobox">
      <label {...getLabelProps()} htmlFor={id}>
        Row
      </label>
      <input
        {...getInputProps({
          "aria-invalid": error !== null,
          "aria-describedby": `${id}-hint`,
          onBlur: () => setAsked(false),
          onChange: ({ currentTarget: { value } }) => {
            setTyped(value);
            setTyping(true);
            onPick(rowMeant(rows, value), value);
          },
        })}
      />
      <div className="options" hidden={!isOpen} {...getMenuProps({ "aria-label": "Rows" })}>
        {isOpen &&
          items.map((item, index) => (
            <div key={item.id} {...getItemProps({ item, index })}>
              {item.name} <span className="fine">{item.id}</span>
            </div>
          ))}
      </div>
      <p id={`${id}-hint`} className={error === null ? "fine" : "error"}>
        {error ?? hint}
      </p>
    </div>
  );
};
