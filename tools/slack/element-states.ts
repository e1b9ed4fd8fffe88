/** How interactive elements report what a person chose, in `state.values`. */
import { isObject, type JsonObject, stringOf } from "./json.ts";

export type ElementState = JsonObject & { type: string };

/** How one type of element reports its choice, and from what a person chooses. */
export interface Kind {
  field: string;
  initial: string;
  from: "options" | "suggestions" | "people" | "channels" | "text";
  many: boolean;
}

const kind = (field: string, initial: string, from: Kind["from"], many = false): Kind => ({
  field,
  initial,
  from,
  many,
});

export const kinds: Readonly<Record<string, Kind>> = {
  static_select: kind("selected_option", "initial_option", "options"),
  external_select: kind("selected_option", "initial_option", "suggestions"),
  radio_buttons: kind("selected_option", "initial_option", "options"),
  checkboxes: kind("selected_options", "initial_options", "options", true),
  multi_static_select: kind("selected_options", "initial_options", "options", true),
  multi_external_select: kind("selected_options", "initial_options", "suggestions", true),
  users_select: kind("selected_user", "initial_user", "people"),
  multi_users_select: kind("selected_users", "initial_users", "people", true),
  channels_select: kind("selected_channel", "initial_channel", "channels"),
  multi_channels_select: kind("selected_channels", "initial_channels", "channels", true),
  conversations_select: kind("selected_conversation", "initial_conversation", "channels"),
  multi_conversations_select: kind("selected_conversations", "initial_conversations", "channels", true),
  datepicker: kind("selected_date", "initial_date", "text"),
  timepicker: kind("selected_time", "initial_time", "text"),
  datetimepicker: kind("selected_date_time", "initial_date_time", "text"),
  plain_text_input: kind("value", "initial_value", "text"),
  number_input: kind("value", "initial_value", "text"),
  email_text_input: kind("value", "initial_value", "text"),
  url_text_input: kind("value", "initial_value", "text"),
};

/** What an element holds that nobody has touched. */
export const initialState = (element: JsonObject, found: Kind): ElementState => ({
  type: stringOf(element["type"]),
  [found.field]: element[found.initial] ?? (found.many ? [] : null),
});

/** A state in Slack's shape back to the bare value or values. */
export const bareValue = (state: JsonObject): string | string[] | null => {
  const found = kinds[stringOf(state["type"])];
  const bare = (chosen: unknown): string => (isObject(chosen) ? stringOf(chosen["value"]) : String(chosen));
  const chosen = found ? state[found.field] : null;
  if (chosen === null || chosen === undefined) return null;
  return Array.isArray(chosen) ? (chosen as unknown[]).map(bare) : bare(chosen);
};
