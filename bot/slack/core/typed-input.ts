/** What a person did, in words of ours: so that an answer that comes late says to what, and nothing typed is lost. */
import * as z from "zod/mini";
import { type Body, payloadOf } from "./payload.ts";
import { isSecretInput } from "./secret-inputs.ts";
import { inCode, quoted } from "../blocks/text.ts";

export interface Typed {
  /** In mrkdwn: "`/cv stage`", "your click on *Approve*", "the form *Commit*". */
  what: string;
  /** What stands in the inputs of a form, as plain text. */
  inputs: { label: string; value: string }[];
}

const text = z.object({ text: z.string() });
const state = z.record(z.string(), z.unknown());
const form = z.object({
  view: z.object({
    blocks: z.array(z.looseObject({ block_id: z.optional(z.string()), label: z.optional(text) })),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), state)) }),
  }),
});
const chosen = z.object({ text });

export const typedIn = (body: Body): Typed => {
  const payload = payloadOf(body);
  if (payload && "command" in payload) {
    const line = `${payload.command} ${payload.text ?? ""}`.trim();
    return { what: inCode(line), inputs: [] };
  }
  if (payload?.type === "view_submission")
    return { what: `the form *${quoted(payload.view.title.text)}*`, inputs: inputsOf(body) };
  const [action] = payload?.type === "block_actions" ? payload.actions : [];
  const label = action?.text?.text ?? action?.selected_option?.text.text;
  return { what: label === undefined ? "what you chose" : `your click on *${quoted(label)}*`, inputs: [] };
};

const inputsOf = (body: Body): Typed["inputs"] => {
  const parsed = form.safeParse(body);
  if (!parsed.success) return [];
  const { blocks, state: typed } = parsed.data.view;
  return blocks.flatMap(({ block_id: id, label }) => {
    const [value] = Object.values(typed.values[id ?? ""] ?? {}).map(textOf);
    return value && label ? [{ label: label.text, value: isSecretInput(id) ? "(hidden)" : value }] : [];
  });
};

const textOf = ({ type: _type, ...contents }: z.infer<typeof state>): string =>
  Object.values(contents)
    .flat()
    .flatMap((value) => {
      if (typeof value === "string") return [value];
      const option = chosen.safeParse(value);
      return option.success ? [option.data.text.text] : [];
    })
    .join(", ");
