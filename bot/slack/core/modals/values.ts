/** What a person has put into a modal's inputs (docs.slack.dev, "view_submission": `view.state.values`). */
import * as z from "zod/mini";

/** As Slack sends it, since a form that is shown again has to name it in the same way. */
const option = z.custom<{ value: string }>(
  (sent) => typeof sent === "object" && sent !== null && "value" in sent && typeof sent.value === "string",
);

/** One element's state, as far as our inputs use Slack's elements. */
const elementState = z.object({
  type: z.string(),
  value: z.optional(z.nullable(z.string())),
  selected_option: z.optional(z.nullable(option)),
  selected_options: z.optional(z.array(option)),
  selected_date: z.optional(z.nullable(z.string())),
  selected_user: z.optional(z.nullable(z.string())),
  selected_users: z.optional(z.array(z.string())),
  selected_conversation: z.optional(z.nullable(z.string())),
  selected_channel: z.optional(z.nullable(z.string())),
});
export type ElementState = z.infer<typeof elementState>;

export const states = z.record(z.string(), z.record(z.string(), elementState));

/** A text, a list of values where several can be chosen, or null where nothing is there. */
export type FormValue = string | string[] | null;
/** By block id: each of our input blocks has one element. */
export type FormValues = Record<string, FormValue>;

const valueOf = (state: ElementState): FormValue => {
  if (state.selected_options) return state.selected_options.map(({ value }) => value);
  if (state.selected_users) return state.selected_users;
  return (
    state.value ??
    state.selected_option?.value ??
    state.selected_date ??
    state.selected_user ??
    state.selected_conversation ??
    state.selected_channel ??
    null
  );
};

/** Throws for what Slack does not send. */
export const formValues = (values: unknown): FormValues =>
  Object.fromEntries(
    Object.entries(states.parse(values)).flatMap(([blockId, elements]) =>
      Object.values(elements).map((state): [string, FormValue] => [blockId, valueOf(state)]),
    ),
  );

/** The one text of an input; "" when it is empty. */
export const textIn = (values: FormValues, blockId: string): string => {
  const value = values[blockId];
  return typeof value === "string" ? value.trim() : "";
};

export const listIn = (values: FormValues, blockId: string): string[] => {
  const value = values[blockId] ?? [];
  return typeof value === "string" ? [value] : value;
};
