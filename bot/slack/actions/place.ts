/** Where something was clicked, and how a reply is shown there. */
import type { BlockAction, RespondFn } from "@slack/bolt";
import type { DividerBlock } from "@slack/types";
import type { WebClient } from "@slack/web-api";
import type { Reply } from "../commands/command.ts";
import { modalOpener, shownModal } from "../modals/open.ts";
import { originOf } from "../modals/origin.ts";
import { type OpenModal, replyView } from "../modals/modal.ts";
import { channelOf, ephemeral, withAgain } from "../request.ts";

export interface Place {
  /** `card`: a message that everybody sees. `private`: a reply that only this person sees, as a message or a modal. */
  kind: "card" | "private" | "home";
  channelId: string | null;
  openModal: OpenModal;
  show: (reply: Reply) => Promise<void>;
}

export const placeOf = (body: BlockAction, client: WebClient, respond: RespondFn): Place => {
  const { view } = body;
  const below = view?.type === "modal" ? view : null;
  const channelId = view ? originOf(below?.private_metadata) : channelOf(body.channel?.id);
  const openModal = modalOpener(client, { id: body.trigger_id, channelId, below });
  if (!view) {
    const isPrivate = body.container["is_ephemeral"] === true;
    return {
      kind: isPrivate ? "private" : "card",
      channelId,
      openModal,
      show: async (reply) => {
        await respond({ ...ephemeral(reply), replace_original: isPrivate });
      },
    };
  }
  const shown = (reply: Reply) =>
    replyView({ ...reply, blocks: withAgain(reply) }, below ? view.title?.text : undefined);
  return {
    kind: below ? "private" : "home",
    channelId,
    openModal,
    show: async (reply) => {
      // A private reply gives way to the next one; a form stays beneath it.
      if (below && view.callback_id === "reply") await shownModal(client, below, channelId).replace(shown(reply));
      else await openModal(shown(reply));
    },
  };
};

const divider: DividerBlock = { type: "divider" };

/** What a click has brought above what it was made on, which is shown anew. */
export const above = (outcome: Reply, list: Reply): Reply => ({
  ...list,
  text: `${outcome.text}\n${list.text}`,
  blocks: [...outcome.blocks, divider, ...list.blocks],
});
