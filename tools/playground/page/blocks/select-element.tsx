import type { MultiSelect, Option, OptionGroup, Select } from "@slack/types";
import type { ReactNode } from "react";
import { useSession } from "../session/session-context.ts";
import { Combobox } from "./combobox.tsx";
import type { Choice, Found } from "./choices.ts";
import type { ElementProps } from "./element-props.ts";
import type { StateValue } from "./state-values.ts";
import { useSurface } from "./surface.tsx";

type AnySelect = Select | MultiSelect;

const choiceOf = (option: Option, group?: string): Choice => ({
  value: option.value ?? option.text.text,
  label: option.text.text,
  ...(option.description ? { description: option.description.text } : {}),
  ...(group === undefined ? {} : { group }),
});

/** Slack sends back options with `emoji` filled in. */
const optionOf = (choice: Choice): Option => ({
  text: { type: "plain_text", text: choice.label, emoji: true },
  value: choice.value,
  ...(choice.description
    ? { description: { type: "plain_text" as const, text: choice.description, emoji: true } }
    : {}),
});

const staticChoices = (options: Option[] | undefined, groups: OptionGroup[] | undefined): Choice[] =>
  options?.map((option) => choiceOf(option)) ??
  groups?.flatMap((group) => group.options.map((option) => choiceOf(option, group.label.text))) ??
  [];

const stateOf = (element: AnySelect, chosen: Choice[]): StateValue => {
  const ids = chosen.map((choice) => choice.value);
  const first = ids[0] ?? null;
  switch (element.type) {
    case "static_select":
    case "external_select":
      return { type: element.type, selected_option: chosen[0] ? optionOf(chosen[0]) : null };
    case "multi_static_select":
    case "multi_external_select":
      return { type: element.type, selected_options: chosen.map(optionOf) };
    case "users_select":
      return { type: element.type, selected_user: first };
    case "multi_users_select":
      return { type: element.type, selected_users: ids };
    case "conversations_select":
      return { type: element.type, selected_conversation: first };
    case "multi_conversations_select":
      return { type: element.type, selected_conversations: ids };
    case "channels_select":
      return { type: element.type, selected_channel: first };
    case "multi_channels_select":
      return { type: element.type, selected_channels: ids };
  }
};

const chosenIds = (value: StateValue): string[] => {
  switch (value.type) {
    case "users_select":
      return value.selected_user ? [value.selected_user] : [];
    case "multi_users_select":
      return value.selected_users;
    case "conversations_select":
      return value.selected_conversation ? [value.selected_conversation] : [];
    case "multi_conversations_select":
      return value.selected_conversations;
    case "channels_select":
      return value.selected_channel ? [value.selected_channel] : [];
    case "multi_channels_select":
      return value.selected_channels;
    default:
      return [];
  }
};

const useSource = (
  element: AnySelect,
  address: ElementProps<AnySelect>["address"],
): Choice[] | ((query: string) => Promise<Found>) => {
  const { state } = useSession();
  const { loadOptions } = useSurface();
  switch (element.type) {
    case "static_select":
    case "multi_static_select":
      return staticChoices(element.options, element.option_groups);
    case "external_select":
    case "multi_external_select":
      return async (query) => {
        const { options, error } = await loadOptions(address, query);
        return { choices: options.map(({ option, group }) => choiceOf(option, group)), error };
      };
    case "users_select":
    case "multi_users_select":
      return state.people
        .filter((person) => !person.deleted)
        .map((person) => ({ value: person.id, label: person.real_name, description: person.title }));
    default:
      return state.channels
        .filter((channel) => !channel.is_archived)
        .map((channel) => ({ value: channel.id, label: `#${channel.name}` }));
  }
};

export const SelectElement = ({
  element,
  address,
  value,
  dispatches,
  label,
  describedBy,
}: ElementProps<AnySelect> & { value: StateValue }): ReactNode => {
  const surface = useSurface();
  const source = useSource(element, address);
  const multiple = element.type.startsWith("multi_");
  const chosen: Choice[] =
    "selected_option" in value
      ? value.selected_option
        ? [choiceOf(value.selected_option)]
        : []
      : "selected_options" in value
        ? value.selected_options.map((option) => choiceOf(option))
        : chosenIds(value).map(
            (id) =>
              (typeof source === "function" ? null : source.find((choice) => choice.value === id)) ?? {
                value: id,
                label: id,
              },
          );
  return (
    <Combobox
      label={label ?? element.placeholder?.text ?? "Choose an option"}
      placeholder={element.placeholder?.text ?? (multiple ? "Choose some options" : "Choose an option")}
      chosen={chosen}
      choices={source}
      multiple={multiple}
      {...("max_selected_items" in element && element.max_selected_items
        ? { maxChosen: element.max_selected_items }
        : {})}
      // Slack asks for three characters unless the app says otherwise.
      {...("min_query_length" in element || element.type.endsWith("external_select")
        ? { minQueryLength: "min_query_length" in element ? (element.min_query_length ?? 3) : 3 }
        : {})}
      pending={surface.isPending(address)}
      {...(describedBy ? { describedBy } : {})}
      onChoose={(next) => {
        const state = stateOf(element, next);
        if (dispatches) void surface.choose(address, state, element.confirm);
        else surface.keep(address, state);
      }}
    />
  );
};
