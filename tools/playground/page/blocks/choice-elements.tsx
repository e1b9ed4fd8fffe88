import type { Checkboxes, Option, RadioButtons } from "@slack/types";
import { useId, type ReactNode } from "react";
import { TextView } from "../text/text-view.tsx";
import type { ElementProps } from "./element-props.ts";
import type { StateValue } from "./state-values.ts";
import { useSurface } from "./surface.tsx";

const isSame = (one: Option, other: Option): boolean => one.value === other.value;

/** Radio buttons and checkboxes. */
export const ChoiceElement = ({
  element,
  address,
  value,
  dispatches,
  label,
  invalid,
  describedBy,
}: ElementProps<Checkboxes | RadioButtons> & { value: StateValue }): ReactNode => {
  const surface = useSurface();
  const name = useId();
  const single = element.type === "radio_buttons";
  const chosen =
    "selected_options" in value
      ? value.selected_options
      : "selected_option" in value && value.selected_option
        ? [value.selected_option]
        : [];
  const change = (option: Option, on: boolean): void => {
    const others = chosen.filter((each) => !isSame(each, option));
    const state: StateValue = single
      ? { type: "radio_buttons", selected_option: option }
      : {
          type: "checkboxes",
          selected_options: element.options.filter((each) =>
            isSame(each, option) ? on : others.some((other) => isSame(other, each)),
          ),
        };
    if (dispatches) void surface.choose(address, state, element.confirm);
    else surface.keep(address, state);
  };
  return (
    <div
      role={single ? "radiogroup" : "group"}
      aria-label={label ?? "Choices"}
      aria-invalid={single ? invalid : undefined}
      aria-describedby={describedBy}
      className={surface.isPending(address) ? "choices pending" : "choices"}
    >
      {element.options.map((option) => (
        <label key={option.value ?? option.text.text} className="choice">
          <input
            type={single ? "radio" : "checkbox"}
            name={name}
            checked={chosen.some((each) => isSame(each, option))}
            onChange={(event) => change(option, event.target.checked)}
          />
          <span>
            <TextView text={option.text} />
            {option.description && (
              <small>
                <TextView text={option.description} />
              </small>
            )}
          </span>
        </label>
      ))}
    </div>
  );
};
