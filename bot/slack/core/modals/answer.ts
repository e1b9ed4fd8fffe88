/** A form's answer as Slack's response to a submission (docs.slack.dev, "view_submission": response_action). */
import type { ViewOutput, ViewResponseAction } from "@slack/bolt";
import type { ModalView } from "@slack/types";
import { section } from "../../blocks/blocks.ts";
import { type Reply, withAgain } from "../reply.ts";
import { type SubmitAnswer, plain, replyView } from "./modal.ts";
import { originOf, withOrigin } from "./origin.ts";

export const responseOf = (answer: SubmitAnswer, view: ViewOutput): ViewResponseAction => {
  if ("errors" in answer) return { response_action: "errors", errors: answer.errors };
  const origin = originOf(view.private_metadata);
  if ("redrawn" in answer) {
    const { redrawn, below } = answer;
    const drawn = { ...redrawn, blocks: bannered(redrawn.blocks, below) };
    return { response_action: "update", view: withOrigin(drawn, origin) };
  }
  if (answer.refused) return { response_action: "update", view: withBanner(view, answer) };
  const done = withOrigin(replyView({ ...answer, blocks: withAgain(answer) }, view.title.text), origin);
  // What lies beneath was drawn before this was done: closing closes all of it.
  return { response_action: "update", view: { ...done, clear_on_close: true } };
};

const bannerId = "banner";

/** The same form with a text above its inputs. What is typed stays, as the inputs keep their ids. */
export const withBanner = (view: ViewOutput, reply: Pick<Reply, "text">): ModalView => ({
  type: "modal",
  callback_id: view.callback_id,
  title: plain(view.title.text, 24),
  ...(view.submit ? { submit: plain(view.submit.text, 24) } : {}),
  ...(view.close ? { close: plain(view.close.text, 24) } : {}),
  private_metadata: view.private_metadata,
  blocks: bannered(view.blocks, reply),
});

const bannered = (blocks: ViewOutput["blocks"], reply: Pick<Reply, "text">): ViewOutput["blocks"] => [
  { ...section(reply.text), block_id: bannerId },
  ...blocks.filter(({ block_id: blockId }) => blockId !== bannerId).slice(0, 99),
];
