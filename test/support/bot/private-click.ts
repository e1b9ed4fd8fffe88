/** A click on a reply that only one person sees. */
import type { PostedMessage } from "../slack/fake-slack.ts";
import { clickablesOf } from "./clicking-person.ts";
import { slack } from "./stand-ins.ts";
import { textsOf } from "./texts.ts";
import type { Reply, World } from "./world.ts";

/** What the buttons of a reply say, in order. */
export const labelsOf = ({ blocks }: Pick<Reply, "blocks">): string[] =>
  clickablesOf(blocks).flatMap(({ type, label }) => (type === "button" ? [label] : []));

/** What takes the reply's place after the click. */
export const clickReply = async (world: World, userId: string, reply: Reply, label: string): Promise<string> => {
  const found = clickablesOf(reply.blocks).find((each) => each.label === label);
  if (!found) throw new Error(`nothing is called ${label} on: ${textsOf(reply)}`);
  const { type, blockId, actionId, value } = found;
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
  const { payload, responseUrl } = world.clickPayload(userId, message, { action_id: actionId, value });
  const chosen = { selected_option: { text: { type: "plain_text", text: label }, value } };
  const clicked = {
    ...payload,
    container: { ...payload.container, is_ephemeral: true },
    actions: payload.actions.map((action) => ({
      ...action,
      type,
      block_id: blockId,
      ...(type === "overflow" && chosen),
    })),
  };
  await world.post({ payload: JSON.stringify(clicked) });
  return slack.answers
    .filter(({ url }) => url === responseUrl)
    .map((answer) => textsOf(answer.payload))
    .join("\n");
};
