import type { DispatchActionConfig } from "@slack/types";
import type { KeyboardEvent, ReactNode } from "react";
import type { ElementProps } from "./element-props.ts";
import type { StateValue, TextInputElement as AnyTextInput } from "./state-values.ts";
import { useSurface } from "./surface.tsx";

const inputTypes = {
  plain_text_input: "text",
  email_text_input: "email",
  url_text_input: "url",
  number_input: "text",
} as const;

const triggersOf = (config: DispatchActionConfig | undefined): readonly string[] =>
  config?.trigger_actions_on ?? ["on_enter_pressed"];

export const TextInputElement = ({
  element,
  address,
  value,
  dispatches,
  label,
  invalid,
  describedBy,
}: ElementProps<AnyTextInput> & { value: StateValue }): ReactNode => {
  const surface = useSurface();
  const text = "value" in value ? (value.value ?? "") : "";
  const triggers = dispatches ? triggersOf(element.dispatch_action_config) : [];
  const stateOf = (next: string): StateValue => ({ type: element.type, value: next === "" ? null : next });
  const multiline = element.type === "plain_text_input" && element.multiline === true;
  const shared = {
    className: surface.isPending(address) ? "text-input pending" : "text-input",
    value: text,
    placeholder: element.placeholder?.text ?? "",
    "aria-label": label ?? element.placeholder?.text ?? "Text",
    "aria-invalid": invalid,
    "aria-describedby": describedBy,
    "data-autofocus": element.focus_on_load ? true : undefined,
    onChange: (event: { target: { value: string } }): void => {
      const state = stateOf(event.target.value);
      if (triggers.includes("on_character_entered")) void surface.choose(address, state);
      else surface.keep(address, state);
    },
    onKeyDown: (event: KeyboardEvent): void => {
      if (
        event.key !== "Enter" ||
        (multiline && !event.metaKey && !event.ctrlKey) ||
        !triggers.includes("on_enter_pressed")
      )
        return;
      event.preventDefault();
      void surface.choose(address, stateOf(text));
    },
  };
  if (multiline) return <textarea {...shared} rows={4} />;
  return (
    <input
      {...shared}
      type={inputTypes[element.type]}
      inputMode={element.type === "number_input" ? "decimal" : undefined}
      autoComplete="off"
    />
  );
};
