/** What can be clicked on a message, a Home or a modal. */
import type { KnownBlock } from "@slack/types";

export interface Clickable {
  blockId: string;
  type: "button" | "overflow";
  actionId: string;
  value: string;
  label: string;
}

/** Everything on the blocks that can be clicked, entries of menus included. */
export const clickablesOf = (blocks: readonly KnownBlock[]): Clickable[] =>
  blocks.flatMap((block, index) => {
    const elements = block.type === "actions" ? block.elements : block.type === "section" ? [block.accessory] : [];
    const blockId = block.block_id ?? `b${index}`;
    return elements.flatMap((element): Clickable[] => {
      const actionId = element && "action_id" in element ? (element.action_id ?? "") : "";
      if (element?.type === "button")
        return [{ blockId, type: "button", actionId, value: element.value ?? "", label: element.text.text }];
      if (element?.type !== "overflow") return [];
      return element.options.map(({ text, value }) => ({
        blockId,
        type: "overflow" as const,
        actionId,
        value: value ?? "",
        label: text.text,
      }));
    });
  });

/** The entry of `actions` that Slack sends for a click. */
export const actionOf = ({ blockId, type, actionId, value, label }: Clickable): Record<string, unknown> => {
  const text = { type: "plain_text", text: label };
  const chosen = type === "button" ? { text, value } : { selected_option: { text, value } };
  return { type, block_id: blockId, action_id: actionId, action_ts: "1.1", ...chosen };
};
