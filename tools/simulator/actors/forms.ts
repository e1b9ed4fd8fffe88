/** Fills in forms: each input gets a valid value, or occasionally none. */
import type { Random } from "../../../test/support/random.ts";
import type { Block } from "../slack/slack.ts";

type State = Record<string, unknown>;

const optionsOf = (element: Block): Block[] => {
  const groups = (element["option_groups"] ?? []) as { options: Block[] }[];
  return [...((element["options"] ?? []) as Block[]), ...groups.flatMap(({ options }) => options)];
};

const stateOf = (element: Block, words: string, random: Random): State => {
  const type = String(element["type"]);
  const initial = (name: string): unknown => element[`initial_${name}`];
  const options = optionsOf(element);
  switch (type) {
    case "static_select":
    case "radio_buttons":
      return { type, selected_option: initial("option") ?? (options.length > 0 ? random.pick(options) : null) };
    case "checkboxes":
    case "multi_static_select":
      return { type, selected_options: initial("options") ?? [] };
    case "number_input":
      return { type, value: initial("value") ?? String(random.between(1, 9)) };
    case "datepicker":
      return { type, selected_date: initial("date") ?? null };
    case "users_select":
      return { type, selected_user: initial("user") ?? null };
    case "conversations_select":
      return { type, selected_conversation: initial("conversation") ?? null };
    case "external_select":
      return { type, selected_option: initial("option") ?? null };
    default:
      return { type, value: initial("value") ?? (random.chance(0.9) ? words : null) };
  }
};

/** `view.state.values` of the filled form. */
export const filled = (blocks: readonly object[], words: string, random: Random): Record<string, State> =>
  Object.fromEntries(
    (blocks as readonly Block[])
      .filter(({ type }) => type === "input")
      .map(({ block_id: id, element }) => {
        const input = element as Block;
        return [String(id), { [String(input["action_id"])]: stateOf(input, words, random) }];
      }),
  );

/** The action payload of every button and menu entry in the blocks. */
export const actionsIn = (blocks: readonly object[]): Block[] =>
  (blocks as readonly Block[]).flatMap((block): Block[] => {
    const elements: Block[] = [
      ...((block["elements"] ?? []) as Block[]),
      ...(block["accessory"] ? [block["accessory"] as Block] : []),
    ];
    return elements.flatMap((element): Block[] => {
      const about = {
        action_id: element["action_id"],
        block_id: block["block_id"],
        action_ts: "1.1",
        type: element["type"],
      };
      if (element["type"] === "button") return [{ ...about, value: element["value"], text: element["text"] }];
      if (element["type"] === "overflow")
        return optionsOf(element).map((option) => ({ ...about, selected_option: option }));
      return [];
    });
  });
