/** The checks that Slack's client makes of a modal's inputs before it lets a person submit. */
import { bareValue, type ElementState } from "../../slack/element-states.ts";
import { type JsonObject, stringOf } from "../../slack/json.ts";

const numberProblem = (element: JsonObject, text: string): string | null => {
  const number = Number(text);
  if (text.trim() === "" || !Number.isFinite(number)) return "Must be a number.";
  if (element["is_decimal_allowed"] !== true && !Number.isInteger(number)) return "Must be a whole number.";
  if (element["min_value"] !== undefined && number < Number(element["min_value"]))
    return `Must be at least ${stringOf(element["min_value"])}.`;
  if (element["max_value"] !== undefined && number > Number(element["max_value"]))
    return `Must be at most ${stringOf(element["max_value"])}.`;
  return null;
};

const lengthProblem = (element: JsonObject, text: string): string | null => {
  const min = Number(element["min_length"] ?? 0);
  const max = Number(element["max_length"] ?? 3000);
  if (text.length < min) return `Must be at least ${min} characters.`;
  return text.length > max ? `Must be at most ${max} characters.` : null;
};

const formats: Record<string, (element: JsonObject, text: string) => string | null> = {
  plain_text_input: lengthProblem,
  number_input: numberProblem,
  email_text_input: (_element, text) =>
    /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? null : "Enter a valid email address.",
  url_text_input: (_element, text) => (/^https?:\/\/\S+$/i.test(text) ? null : "Enter a valid URL."),
  datepicker: (_element, text) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? null : "Enter a valid date."),
  timepicker: (_element, text) => (/^\d{2}:\d{2}$/.test(text) ? null : "Enter a valid time."),
};

/** What the person reads below the input; null when it may be submitted. */
export const inputProblem = (block: JsonObject, element: JsonObject, state: ElementState): string | null => {
  const value = bareValue(state);
  if (value === null || value.length === 0) {
    return block["type"] === "input" && block["optional"] !== true ? "Please complete this required field." : null;
  }
  return typeof value === "string" ? (formats[stringOf(element["type"])]?.(element, value) ?? null) : null;
};
