/** Slack's `view.state.values`: a value for each stateful element, in its shape (docs.slack.dev/reference/views). */
import type {
  Block,
  ChannelsSelect,
  Checkboxes,
  ConversationsSelect,
  Datepicker,
  DateTimepicker,
  EmailInput,
  ExternalSelect,
  KnownBlock,
  MultiChannelsSelect,
  MultiConversationsSelect,
  MultiExternalSelect,
  MultiStaticSelect,
  MultiUsersSelect,
  NumberInput,
  Option,
  PlainTextInput,
  RadioButtons,
  RichTextBlock,
  RichTextInput,
  StaticSelect,
  Timepicker,
  URLInput,
  UsersSelect,
} from "@slack/types";

export type TextInputElement = PlainTextInput | EmailInput | URLInput | NumberInput;

export type StatefulElement =
  | TextInputElement
  | StaticSelect
  | ExternalSelect
  | RadioButtons
  | Checkboxes
  | MultiStaticSelect
  | MultiExternalSelect
  | UsersSelect
  | MultiUsersSelect
  | ConversationsSelect
  | MultiConversationsSelect
  | ChannelsSelect
  | MultiChannelsSelect
  | Datepicker
  | Timepicker
  | DateTimepicker
  | RichTextInput;

export type StateValue =
  | { type: TextInputElement["type"]; value: string | null }
  | { type: "static_select" | "external_select" | "radio_buttons"; selected_option: Option | null }
  | { type: "checkboxes" | "multi_static_select" | "multi_external_select"; selected_options: Option[] }
  | { type: "users_select"; selected_user: string | null }
  | { type: "multi_users_select"; selected_users: string[] }
  | { type: "conversations_select"; selected_conversation: string | null }
  | { type: "multi_conversations_select"; selected_conversations: string[] }
  | { type: "channels_select"; selected_channel: string | null }
  | { type: "multi_channels_select"; selected_channels: string[] }
  | { type: "datepicker"; selected_date: string | null }
  | { type: "timepicker"; selected_time: string | null }
  | { type: "datetimepicker"; selected_date_time: number | null }
  | { type: "rich_text_input"; rich_text_value: RichTextBlock | null };

/** By block id, then by action id. */
export type StateValues = Record<string, Record<string, StateValue>>;

const statefulTypes = new Set([
  "plain_text_input",
  "email_text_input",
  "url_text_input",
  "number_input",
  "static_select",
  "external_select",
  "radio_buttons",
  "checkboxes",
  "multi_static_select",
  "multi_external_select",
  "users_select",
  "multi_users_select",
  "conversations_select",
  "multi_conversations_select",
  "channels_select",
  "multi_channels_select",
  "datepicker",
  "timepicker",
  "datetimepicker",
  "rich_text_input",
] satisfies StatefulElement["type"][]) as ReadonlySet<string>;

export const isStateful = (element: { type: string }): element is StatefulElement => statefulTypes.has(element.type);

/** What the element holds before anybody touches it. */
export const initialValue = (element: StatefulElement): StateValue => {
  switch (element.type) {
    case "plain_text_input":
    case "email_text_input":
    case "url_text_input":
    case "number_input":
      return { type: element.type, value: element.initial_value ?? null };
    case "static_select":
    case "external_select":
    case "radio_buttons":
      return { type: element.type, selected_option: element.initial_option ?? null };
    case "checkboxes":
    case "multi_static_select":
    case "multi_external_select":
      return { type: element.type, selected_options: element.initial_options ?? [] };
    case "users_select":
      return { type: element.type, selected_user: element.initial_user ?? null };
    case "multi_users_select":
      return { type: element.type, selected_users: element.initial_users ?? [] };
    case "conversations_select":
      return { type: element.type, selected_conversation: element.initial_conversation ?? null };
    case "multi_conversations_select":
      return { type: element.type, selected_conversations: element.initial_conversations ?? [] };
    case "channels_select":
      return { type: element.type, selected_channel: element.initial_channel ?? null };
    case "multi_channels_select":
      return { type: element.type, selected_channels: element.initial_channels ?? [] };
    case "datepicker":
      return { type: element.type, selected_date: element.initial_date ?? null };
    case "timepicker":
      return { type: element.type, selected_time: element.initial_time ?? null };
    case "datetimepicker":
      return { type: element.type, selected_date_time: element.initial_date_time ?? null };
    case "rich_text_input":
      return { type: element.type, rich_text_value: element.initial_value ?? null };
  }
};

const optionValues = (options: readonly Option[]): string[] =>
  options.flatMap((option) => (option.value === undefined ? [] : [option.value]));

/** The bare value, as `ActionInput` carries it: "" or [] for nothing chosen. */
export const bareValue = (value: StateValue): string | string[] => {
  if ("value" in value) return value.value ?? "";
  if ("selected_option" in value) return value.selected_option?.value ?? "";
  if ("selected_options" in value) return optionValues(value.selected_options);
  switch (value.type) {
    case "users_select":
      return value.selected_user ?? "";
    case "multi_users_select":
      return value.selected_users;
    case "conversations_select":
      return value.selected_conversation ?? "";
    case "multi_conversations_select":
      return value.selected_conversations;
    case "channels_select":
      return value.selected_channel ?? "";
    case "multi_channels_select":
      return value.selected_channels;
    case "datepicker":
      return value.selected_date ?? "";
    case "timepicker":
      return value.selected_time ?? "";
    case "datetimepicker":
      return value.selected_date_time === null ? "" : String(value.selected_date_time);
    case "rich_text_input":
      return value.rich_text_value ? JSON.stringify(value.rich_text_value) : "";
  }
};

export const isEmptyValue = (value: StateValue): boolean => bareValue(value).length === 0;

/** Slack names every block and element; these stand in for the ones it has not named yet. */
export const blockIdOf = (block: Block, index: number): string => block.block_id ?? `block-${index}`;
export const actionIdOf = (element: { type: string; action_id?: string }, index: number): string =>
  element.action_id ?? `action-${index}`;

/** Every element of a block that can hold a value, with its index in the block. */
export const elementsOf = (block: KnownBlock | Block): { type: string; action_id?: string }[] => {
  const known = block as KnownBlock;
  if (known.type === "input") return [known.element];
  if (known.type === "actions") return known.elements;
  if (known.type === "section") return known.accessory ? [known.accessory] : [];
  return [];
};

/** The state of a view: what was typed where block, action and type are still the same, else the initial value. */
export const collectValues = (blocks: readonly (KnownBlock | Block)[], typed: StateValues): StateValues => {
  const values: StateValues = {};
  blocks.forEach((block, blockIndex) => {
    const blockId = blockIdOf(block, blockIndex);
    elementsOf(block).forEach((element, index) => {
      if (!isStateful(element)) return;
      const actionId = actionIdOf(element, index);
      const known = typed[blockId]?.[actionId];
      (values[blockId] ??= {})[actionId] = known?.type === element.type ? known : initialValue(element);
    });
  });
  return values;
};
