/** A form that was closed, with what was typed into it. */
import type { InputBlock, KnownBlock, ModalView } from "@slack/types";
import * as z from "zod/mini";
import { section } from "../../blocks/blocks.ts";
import { literal } from "../../blocks/text.ts";
import { isSecretInput } from "../secret-inputs.ts";
import { type ElementState, states } from "./values.ts";

const submitted = z.object({
  callback_id: z.string(),
  title: z.object({ text: z.string() }),
  submit: z.object({ text: z.string() }),
  private_metadata: z.string(),
  blocks: z.array(z.custom<KnownBlock>()),
  state: z.object({ values: states }),
});

/** The element's own name for what is in it at first. */
const initialOf = (typed: ElementState): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries({
      initial_value: typed.value,
      initial_option: typed.selected_option,
      initial_options: typed.selected_options?.length ? typed.selected_options : undefined,
      initial_date: typed.selected_date,
      initial_user: typed.selected_user,
      initial_users: typed.selected_users?.length ? typed.selected_users : undefined,
      initial_conversation: typed.selected_conversation,
      initial_channel: typed.selected_channel,
    }).filter(([, value]) => value !== undefined && value !== null),
  );

const filledElement = (element: InputBlock["element"], typed: ElementState): InputBlock["element"] => {
  const filled = { ...element };
  for (const field of Object.keys(filled)) if (field.startsWith("initial_")) Reflect.deleteProperty(filled, field);
  return Object.assign(filled, initialOf(typed));
};

/** @param view of a view_submission payload @param problems plain texts that stand above the form */
export const restored = (view: unknown, problems: readonly string[]): ModalView => {
  const { callback_id, title, submit, private_metadata, blocks, state: typed } = submitted.parse(view);
  const filled = blocks.map((block): KnownBlock => {
    const isFilled = block.type === "input" && !isSecretInput(block.block_id);
    const elements = isFilled ? typed.values[block.block_id ?? ""] : undefined;
    if (block.type !== "input" || !elements) return block;
    const [inside] = Object.values(elements);
    return inside ? { ...block, element: filledElement(block.element, inside) } : block;
  });
  const banner = problems.map((problem) => `:warning: ${literal(problem)}`).join("\n");
  return {
    type: "modal",
    callback_id,
    title: { type: "plain_text", text: title.text },
    submit: { type: "plain_text", text: submit.text },
    close: { type: "plain_text", text: "Cancel" },
    private_metadata,
    blocks: banner === "" ? filled : [section(banner), ...filled].slice(0, 100),
  };
};
