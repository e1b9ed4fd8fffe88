/** A click on a reply that only one person sees. */
import type { PostedMessage } from "../slack/fake-slack.ts";
import { clickablesOf } from "./clickables.ts";
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
  const { payload, responseUrl } = world.clickPayload(userId, message, found);
  await world.post({ payload: JSON.stringify(payload) });
  return slack.answers
    .filter(({ url }) => url === responseUrl)
    .map((answer) => textsOf(answer.payload))
    .join("\n");
};
