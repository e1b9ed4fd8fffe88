/** What Slack's client checks before it sends a modal. */
import type { Block, KnownBlock } from "@slack/types";
import {
  actionIdOf,
  blockIdOf,
  isEmptyValue,
  isStateful,
  type StateValue,
  type StateValues,
  type StatefulElement,
} from "./state-values.ts";

const elementError = (element: StatefulElement, value: StateValue): string | null => {
  if (!("value" in value) || value.value === null) return null;
  const text = value.value;
  switch (element.type) {
    case "plain_text_input":
      if (element.min_length && text.length < element.min_length)
        return `Please enter at least ${element.min_length} characters.`;
      if (element.max_length && text.length > element.max_length)
        return `Please enter at most ${element.max_length} characters.`;
      return null;
    case "number_input":
      if (!/^-?\d+(\.\d+)?$/.test(text)) return "Please enter a number.";
      if (!element.is_decimal_allowed && text.includes(".")) return "Please enter a whole number.";
      if (element.min_value !== undefined && Number(text) < Number(element.min_value))
        return `Please enter ${element.min_value} or more.`;
      if (element.max_value !== undefined && Number(text) > Number(element.max_value))
        return `Please enter ${element.max_value} or less.`;
      return null;
    case "email_text_input":
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? null : "Please enter a valid email address.";
    case "url_text_input":
      return URL.canParse(text) ? null : "Please enter a valid URL.";
    default:
      return null;
  }
};

/** Messages by block id; empty when the modal may be sent. */
export const validate = (blocks: readonly (KnownBlock | Block)[], values: StateValues): Record<string, string> => {
  const errors: Record<string, string> = {};
  blocks.forEach((block, index) => {
    const input = block as KnownBlock;
    if (input.type !== "input" || !isStateful(input.element)) return;
    const blockId = blockIdOf(input, index);
    const value = values[blockId]?.[actionIdOf(input.element, 0)];
    if (!value) return;
    if (isEmptyValue(value)) {
      if (!input.optional) errors[blockId] = "Please complete this required field.";
      return;
    }
    const error = elementError(input.element, value);
    if (error) errors[blockId] = error;
  });
  return errors;
};
