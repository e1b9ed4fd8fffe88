/**
 * Slack's rules for messages and views as one table: Block Kit reference (docs.slack.dev/reference/block-kit) and
 * @slack/types. Where documentation and experience differ, the stricter number stands, so that what passes here passes
 * there.
 */

export type Surface = "message" | "modal" | "home";

export type Rule =
  | { is: "string"; min?: number; max?: number; oneOf?: readonly string[]; pattern?: RegExp }
  | { is: "integer" | "number"; min?: number; max?: number }
  | { is: "boolean" }
  | { is: "text"; kinds: readonly ("plain_text" | "mrkdwn")[]; max: number }
  | { is: "list"; of: Rule; min?: number; max?: number }
  | { is: "shape"; shape: string }
  /** An object whose `type` picks its shape. */
  | { is: "typed"; types: Readonly<Record<string, string>> };

export interface Shape {
  required?: Readonly<Record<string, Rule>>;
  optional?: Readonly<Record<string, Rule>>;
  /** Where a block may stand; everywhere when absent. */
  surfaces?: readonly Surface[];
}

/** Limits of whole messages and views. Characters unless named otherwise. */
export const limits = {
  messageBlocks: 50,
  viewBlocks: 100,
  /** chat.postMessage takes 40,000, chat.update refuses more than 4,000: what is posted must be editable. */
  messageText: 4_000,
  /** All text of a message's blocks. Refused somewhere above 10,000 (slackapi/bolt-js issue 2867). */
  messageBlocksText: 10_000,
  /** Bytes of a view as JSON. */
  viewBytes: 250_000,
  /** Views in a modal's stack. */
  viewStack: 3,
  tablesPerMessage: 1,
  /** Together in one payload. */
  markdownText: 12_000,
  /** Options in an answer to block_suggestion. */
  suggestions: 100,
} as const;

const flag: Rule = { is: "boolean" };
const string = (min: number, max: number): Rule => ({ is: "string", min, max });
const oneOf = (...values: string[]): Rule => ({ is: "string", oneOf: values });
const plain = (max: number): Rule => ({ is: "text", kinds: ["plain_text"], max });
const anyText = (max: number): Rule => ({ is: "text", kinds: ["plain_text", "mrkdwn"], max });
const list = (of: Rule, min: number, max: number): Rule => ({ is: "list", of, min, max });
const shape = (name: string): Rule => ({ is: "shape", shape: name });
const typed = (...types: string[]): Rule => ({
  is: "typed",
  types: Object.fromEntries(types.map((type) => [type, type])),
});
const webAddress: Rule = { is: "string", min: 1, max: 3000, pattern: /^https?:\/\/\S+$/i };
const linkAddress: Rule = { is: "string", min: 1, max: 3000, pattern: /^(https?:\/\/|mailto:|slack:\/\/)\S+$/i };
const id: Rule = string(1, 255);

const selectTypes = ["static_select", "external_select", "users_select", "conversations_select", "channels_select"];
const multiSelectTypes = selectTypes.map((type) => `multi_${type}`);
const pickers = [
  "checkboxes",
  "radio_buttons",
  "datepicker",
  "timepicker",
  "datetimepicker",
  ...selectTypes,
  ...multiSelectTypes,
];
const textInputs = ["plain_text_input", "number_input", "email_text_input", "url_text_input"];

const action = { action_id: id };
const confirmable = { ...action, confirm: shape("confirm") };
const focusable = { ...confirmable, focus_on_load: flag };
const menu = { ...focusable, placeholder: plain(150) };
const multiMenu = { ...menu, max_selected_items: { is: "integer", min: 1 } as const };
const typedInput = {
  ...action,
  focus_on_load: flag,
  placeholder: plain(150),
  dispatch_action_config: shape("dispatch_action_config"),
};

const option = shape("option");
const options = list(option, 1, 100);
const optionGroups = list(shape("option_group"), 1, 100);
const filter = shape("conversation_filter");
const workspaceId: Rule = string(1, 50);

const elements: Record<string, Shape> = {
  button: {
    required: { text: plain(75) },
    optional: {
      ...confirmable,
      value: string(0, 2000),
      url: linkAddress,
      style: oneOf("primary", "danger"),
      accessibility_label: string(1, 75),
    },
  },
  image_element: { required: { image_url: webAddress, alt_text: string(1, 2000) } },
  overflow: { required: { options: list(shape("overflow_option"), 1, 5) }, optional: confirmable },
  checkboxes: {
    required: { options: list(shape("rich_option"), 1, 10) },
    optional: { ...focusable, initial_options: list(shape("rich_option"), 1, 10) },
  },
  radio_buttons: {
    required: { options: list(shape("rich_option"), 1, 10) },
    optional: { ...focusable, initial_option: shape("rich_option") },
  },
  datepicker: {
    optional: { ...menu, initial_date: { is: "string", pattern: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/ } },
  },
  timepicker: {
    optional: {
      ...menu,
      initial_time: { is: "string", pattern: /^([01]\d|2[0-3]):[0-5]\d$/ },
      timezone: string(1, 100),
    },
  },
  datetimepicker: {
    optional: { ...focusable, initial_date_time: { is: "integer", min: 1_000_000_000, max: 9_999_999_999 } },
  },
  static_select: { optional: { ...menu, options, option_groups: optionGroups, initial_option: option } },
  external_select: { optional: { ...menu, initial_option: option, min_query_length: { is: "integer", min: 0 } } },
  users_select: { optional: { ...menu, initial_user: workspaceId } },
  channels_select: { optional: { ...menu, initial_channel: workspaceId, response_url_enabled: flag } },
  conversations_select: {
    optional: {
      ...menu,
      initial_conversation: workspaceId,
      default_to_current_conversation: flag,
      response_url_enabled: flag,
      filter,
    },
  },
  multi_static_select: { optional: { ...multiMenu, options, option_groups: optionGroups, initial_options: options } },
  multi_external_select: {
    optional: { ...multiMenu, initial_options: options, min_query_length: { is: "integer", min: 0 } },
  },
  multi_users_select: { optional: { ...multiMenu, initial_users: list(workspaceId, 1, 100) } },
  multi_channels_select: { optional: { ...multiMenu, initial_channels: list(workspaceId, 1, 100) } },
  multi_conversations_select: {
    optional: {
      ...multiMenu,
      initial_conversations: list(workspaceId, 1, 100),
      default_to_current_conversation: flag,
      filter,
    },
  },
  plain_text_input: {
    optional: {
      ...typedInput,
      initial_value: string(0, 3000),
      multiline: flag,
      min_length: { is: "integer", min: 0, max: 3000 },
      max_length: { is: "integer", min: 1, max: 3000 },
    },
  },
  number_input: {
    required: { is_decimal_allowed: flag },
    optional: {
      ...typedInput,
      initial_value: { is: "string", pattern: /^-?\d+(\.\d+)?$/ },
      min_value: { is: "string", pattern: /^-?\d+(\.\d+)?$/ },
      max_value: { is: "string", pattern: /^-?\d+(\.\d+)?$/ },
    },
  },
  email_text_input: { optional: { ...typedInput, initial_value: string(0, 3000) } },
  url_text_input: { optional: { ...typedInput, initial_value: string(0, 3000) } },
};

const compositions: Record<string, Shape> = {
  confirm: {
    required: { text: anyText(300) },
    optional: { title: plain(100), confirm: plain(30), deny: plain(30), style: oneOf("primary", "danger") },
  },
  option: { required: { text: plain(75), value: string(1, 75) }, optional: { description: plain(75) } },
  /** Checkboxes and radio buttons may format their options. */
  rich_option: { required: { text: anyText(75), value: string(1, 75) }, optional: { description: anyText(75) } },
  overflow_option: {
    required: { text: plain(75), value: string(1, 75) },
    optional: { description: plain(75), url: linkAddress },
  },
  option_group: { required: { label: plain(75), options } },
  dispatch_action_config: {
    required: { trigger_actions_on: list(oneOf("on_enter_pressed", "on_character_entered"), 1, 2) },
  },
  conversation_filter: {
    optional: {
      include: list(oneOf("im", "mpim", "private", "public"), 1, 4),
      exclude_external_shared_channels: flag,
      exclude_bot_users: flag,
    },
  },
  column_setting: { optional: { align: oneOf("left", "center", "right"), is_wrapped: flag } },
};

const richStyle = { style: shape("rt_style") };
const richInline: Rule = {
  is: "typed",
  types: {
    text: "rt_text",
    link: "rt_link",
    user: "rt_user",
    channel: "rt_channel",
    emoji: "rt_emoji",
    usergroup: "rt_usergroup",
    broadcast: "rt_broadcast",
    date: "rt_date",
    color: "rt_color",
    team: "rt_team",
  },
};
const inlines: Rule = { is: "list", of: richInline, min: 0 };

const richText: Record<string, Shape> = {
  rich_text_section: { required: { elements: inlines } },
  rich_text_quote: { required: { elements: inlines }, optional: { border: { is: "integer", min: 0, max: 1 } } },
  rich_text_preformatted: {
    required: { elements: { is: "list", of: { is: "typed", types: { text: "rt_text", link: "rt_link" } } } },
    optional: { border: { is: "integer", min: 0, max: 1 }, language: string(1, 50) },
  },
  rich_text_list: {
    required: { style: oneOf("bullet", "ordered"), elements: { is: "list", of: typed("rich_text_section"), min: 1 } },
    optional: {
      indent: { is: "integer", min: 0, max: 8 },
      offset: { is: "integer", min: 0 },
      border: { is: "integer", min: 0, max: 1 },
    },
  },
  rt_style: { optional: { bold: flag, italic: flag, strike: flag, code: flag, underline: flag } },
  rt_text: { required: { text: string(1, 12_000) }, optional: richStyle },
  rt_link: { required: { url: linkAddress }, optional: { text: string(1, 3000), unsafe: flag, ...richStyle } },
  rt_user: { required: { user_id: workspaceId }, optional: richStyle },
  rt_channel: { required: { channel_id: workspaceId }, optional: richStyle },
  rt_usergroup: { required: { usergroup_id: workspaceId }, optional: richStyle },
  rt_team: { required: { team_id: workspaceId }, optional: richStyle },
  rt_emoji: {
    required: { name: string(1, 100) },
    optional: { unicode: string(1, 100), url: webAddress, ...richStyle },
  },
  rt_broadcast: { required: { range: oneOf("here", "channel", "everyone") }, optional: richStyle },
  rt_color: { required: { value: { is: "string", pattern: /^#[0-9a-f]{6}$/i } }, optional: richStyle },
  rt_date: {
    required: { timestamp: { is: "integer", min: 0 }, format: string(1, 500) },
    optional: { url: webAddress, fallback: string(1, 500), ...richStyle },
  },
};

/** Slack documents no limit of a task's or plan's title: a line is enough. */
const titleLine = string(1, 300);
const task = {
  required: { task_id: id, title: titleLine, status: oneOf("pending", "in_progress", "complete", "error") },
  optional: {
    details: typed("rich_text"),
    output: typed("rich_text"),
    sources: list({ is: "typed", types: { url: "url_source" } }, 0, 20),
  },
};

export const blocks: Record<string, Shape> = {
  section: {
    optional: {
      text: anyText(3000),
      fields: list(anyText(2000), 1, 10),
      accessory: {
        is: "typed",
        types: {
          ...Object.fromEntries(["button", "overflow", ...pickers].map((type) => [type, type])),
          image: "image_element",
        },
      },
      expand: flag,
    },
  },
  header: { required: { text: plain(150) } },
  divider: {},
  context: {
    required: {
      elements: list(
        { is: "typed", types: { image: "image_element", plain_text: "context_plain", mrkdwn: "context_mrkdwn" } },
        1,
        10,
      ),
    },
  },
  actions: { required: { elements: list(typed("button", "overflow", ...pickers), 1, 25) } },
  input: {
    required: { label: plain(2000), element: typed(...pickers, ...textInputs) },
    optional: { hint: plain(2000), optional: flag, dispatch_action: flag },
  },
  image: { required: { image_url: webAddress, alt_text: string(1, 2000) }, optional: { title: plain(2000) } },
  rich_text: {
    required: {
      elements: {
        is: "list",
        of: typed("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"),
        min: 1,
      },
    },
  },
  table: {
    required: { rows: list(list(typed("rich_text", "raw_text", "raw_number"), 1, 20), 1, 100) },
    optional: { column_settings: list(shape("column_setting"), 0, 20) },
    surfaces: ["message"],
  },
  data_table: {
    required: {
      caption: string(1, 3000),
      // A header, which takes no rich text, and 100 rows (@slack/types, DataTableBlock).
      rows: list(list(typed("rich_text", "raw_text", "raw_number"), 1, 20), 2, 101),
    },
    optional: {
      page_size: { is: "integer", min: 1, max: 100 },
      row_header_column_index: { is: "integer", min: 0, max: 19 },
    },
    surfaces: ["message"],
  },
  markdown: { required: { text: string(1, limits.markdownText) }, surfaces: ["message"] },
  plan: { required: { title: titleLine }, optional: { tasks: list(shape("plan_task"), 0, 50) }, surfaces: ["message"] },
  task_card: { ...task, surfaces: ["message"] },
  alert: {
    required: { text: anyText(200) },
    optional: { level: oneOf("default", "info", "warning", "error", "success") },
    surfaces: ["modal"],
  },
  video: {
    required: { title: plain(199), video_url: webAddress, thumbnail_url: webAddress, alt_text: string(1, 2000) },
    optional: {
      title_url: webAddress,
      author_name: string(1, 49),
      provider_name: string(1, 200),
      provider_icon_url: webAddress,
      description: plain(200),
    },
  },
};

export const anyBlock = typed(...Object.keys(blocks));

/** Every shape by name; blocks additionally take a `block_id`. */
export const shapes: Record<string, Shape> = {
  ...elements,
  ...compositions,
  ...richText,
  ...Object.fromEntries(
    Object.entries(blocks).map(([name, block]) => [name, { ...block, optional: { ...block.optional, block_id: id } }]),
  ),
  raw_text: { required: { text: string(1, 2000) } },
  raw_number: { required: { value: { is: "number" }, text: string(1, 2000) } },
  url_source: { required: { url: webAddress, text: string(1, 300) } },
  context_plain: { required: { text: string(1, 2000) }, optional: { emoji: flag } },
  context_mrkdwn: { required: { text: string(1, 2000) }, optional: { verbatim: flag } },
  /** In a plan a task may leave out its `type`. */
  plan_task: { ...task, optional: { ...task.optional, type: oneOf("task_card"), block_id: id } },
  modal: {
    required: { title: plain(24), blocks: list(anyBlock, 1, limits.viewBlocks) },
    optional: {
      submit: plain(24),
      close: plain(24),
      private_metadata: string(0, 3000),
      callback_id: string(0, 255),
      external_id: string(0, 255),
      clear_on_close: flag,
      notify_on_close: flag,
    },
  },
  home: {
    required: { blocks: list(anyBlock, 1, limits.viewBlocks) },
    optional: { private_metadata: string(0, 3000), callback_id: string(0, 255), external_id: string(0, 255) },
  },
};
