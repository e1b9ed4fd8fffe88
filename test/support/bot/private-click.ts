/** A click on a reply that only one person sees. */
import type { Button, KnownBlock } from "@slack/types";
import type { PostedMessage } from "../slack/fake-slack.ts";
import { slack } from "./stand-ins.ts";
import { textsOf } from "./texts.ts";
import type { Reply, World } from "./world.ts";

interface FoundButton {
  button: Button;
  blockId: string;
}

const inBlock = (block: KnownBlock): Button[] => {
  if (block.type === "actions") return block.elements.filter((element) => element.type === "button");
  return block.type === "section" && block.accessory?.type === "button" ? [block.accessory] : [];
};

const buttonsOf = ({ blocks }: Pick<Reply, "blocks">): FoundButton[] =>
  blocks.flatMap((block) => inBlock(block).map((button) => ({ button, blockId: block.block_id ?? "b1" })));

/** What the buttons of a reply say, in order. */
export const labelsOf = (reply: Pick<Reply, "blocks">): string[] =>
  buttonsOf(reply).map(({ button }) => button.text.text);

/** What takes the reply's place after the click. */
export const clickReply = async (world: World, userId: string, reply: Reply, label: string): Promise<string> => {
  const found = buttonsOf(reply).find(({ button }) => button.text.text === label);
  if (!found) throw new Error(`no button ${label} on: ${textsOf(reply)}`);
  const { button, blockId } = found;
  const message: PostedMessage = {
    channel: world.channel,
    ts: "1.1",
    threadTs: null,
    broadcast: false,
    ephemeralFor: userId,
    token: "",
    text: reply.text,
    blocks: reply.blocks,
    edits: 0,
  };
  const { payload, responseUrl } = world.clickPayload(userId, message, {
    action_id: button.action_id ?? "",
    value: button.value ?? "",
  });
  const clicked = {
    ...payload,
    container: { ...payload.container, is_ephemeral: true },
    actions: payload.actions.map((action) => ({ ...action, block_id: blockId })),
  };
  await world.post({ payload: JSON.stringify(clicked) });
  return slack.answers
    .filter(({ url }) => url === responseUrl)
    .map((answer) => textsOf(answer.payload))
    .join("\n");
};
