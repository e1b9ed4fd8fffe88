/** The inputs of our forms, a block each. Limits are Slack's (docs.slack.dev, Block Kit reference). */
import type {
  Checkboxes,
  Datepicker,
  InputBlock,
  NumberInput,
  PlainTextInput,
  PlainTextOption,
  StaticSelect,
} from "@slack/types";
import { firstOf } from "../../../../shared/domain/text.ts";
import { plain } from "./modal.ts";

export interface InputFrame {
  /** Also the action id: each of our input blocks has one element. */
  id: string;
  label: string;
  hint?: string;
  optional?: boolean;
  /** Sent at once when it changes. */
  dispatch?: boolean;
}

/** @param element without its action id, which is the block's id */
export const input = (frame: InputFrame, element: InputBlock["element"]): InputBlock => ({
  type: "input",
  block_id: frame.id.slice(0, 255),
  label: plain(frame.label, 2000),
  element: { ...element, action_id: frame.id.slice(0, 255) },
  optional: frame.optional ?? false,
  ...(frame.hint ? { hint: plain(frame.hint, 2000) } : {}),
  ...(frame.dispatch ? { dispatch_action: true } : {}),
});

export interface TextOptions {
  initial?: string | undefined;
  placeholder?: string;
  multiline?: boolean;
  maxLength?: number;
}

export const textInput = ({ initial, placeholder, multiline, maxLength = 3000 }: TextOptions = {}): PlainTextInput => ({
  type: "plain_text_input",
  multiline: multiline ?? false,
  max_length: maxLength,
  ...(initial ? { initial_value: firstOf(initial, maxLength) } : {}),
  ...(placeholder ? { placeholder: plain(placeholder, 150) } : {}),
});

export const numberInput = (
  isDecimal: boolean,
  range: { min?: number; max?: number; initial?: number | undefined } = {},
): NumberInput => ({
  type: "number_input",
  is_decimal_allowed: isDecimal,
  ...(range.min === undefined ? {} : { min_value: String(range.min) }),
  ...(range.max === undefined ? {} : { max_value: String(range.max) }),
  ...(range.initial === undefined ? {} : { initial_value: String(range.initial) }),
});

export const option = (label: string, value = label): PlainTextOption => ({ text: plain(label, 75), value });

/** At most 100 options. */
export const select = (options: readonly PlainTextOption[], initial?: string | null): StaticSelect => {
  const chosen = options.find(({ value }) => value === initial);
  return {
    type: "static_select",
    options: options.slice(0, 100),
    ...(chosen ? { initial_option: chosen } : {}),
  };
};

/** At most ten options. */
export const checkboxes = (options: readonly PlainTextOption[], initial: readonly string[]): Checkboxes => {
  const chosen = options.slice(0, 10).filter(({ value }) => value !== undefined && initial.includes(value));
  return {
    type: "checkboxes",
    options: options.slice(0, 10),
    ...(chosen.length > 0 ? { initial_options: chosen } : {}),
  };
};

/** @param initial `YYYY-MM-DD` */
export const datepicker = (initial?: string): Datepicker => ({
  type: "datepicker",
  ...(initial ? { initial_date: initial } : {}),
});
