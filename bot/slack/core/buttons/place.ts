/** Where something was clicked, and how a reply is shown there. */
import type { BlockAction } from "@slack/bolt";
import { channelOf } from "../conversation.ts";
import type { DividerBlock } from "@slack/types";
import type { WebClient } from "@slack/web-api";
import { type Reply, ephemeral, withAgain } from "../reply.ts";
import { modalOpener, shownModal } from "../modals/open.ts";
import { originOf } from "../modals/origin.ts";
import { type OpenModal, loadingView, replyView } from "../modals/modal.ts";
import { isTriggerSpent } from "../slack-error.ts";
import type { WorkerContext } from "../request.ts";

export interface Place {
  /** `card`: a message that everybody sees. `private`: a reply that only this person sees, as a message or a modal. */
  kind: "card" | "private" | "home";
  channelId: string | null;
  openModal: OpenModal;
  show: (reply: Reply) => Promise<void>;
  /** Waits for a reply. What takes long gets a modal meanwhile, as its trigger works for three seconds only. */
  awaited: (reply: Promise<Reply | null>) => Promise<Reply | null>;
  /** Such a modal is open, and has to show something. */
  isHeld: () => boolean;
}

/** Of the three seconds, with time left for Slack to open it. */
const patienceMs = 1200;

/** One trigger for the modal that is held open and for the one that is wanted: the second takes the place of the first. */
const holding = (open: OpenModal, isOpen: boolean): Pick<Place, "openModal" | "awaited" | "isHeld"> => {
  let opened: ReturnType<OpenModal> | null = null;
  let held = isOpen;
  return {
    openModal: async (view) => {
      if (held && opened) return (await opened).replace(view);
      opened = open(view);
      return opened;
    },
    awaited: async (reply) => {
      const timer = setTimeout(() => {
        if (opened) return;
        held = true;
        opened = open(loadingView("CV Ops"));
        // Whoever shows the reply in it hears of it.
        opened.catch(() => {});
      }, patienceMs);
      return reply.finally(() => clearTimeout(timer));
    },
    isHeld: () => held,
  };
};

/** Where a reply needs no trigger, it may take its time. */
const atHand = (openModal: OpenModal): Pick<Place, "openModal" | "awaited" | "isHeld"> => ({
  openModal,
  awaited: (reply) => reply,
  isHeld: () => false,
});

export const placeOf = (
  body: BlockAction,
  client: WebClient,
  { held, tell }: Pick<WorkerContext, "held" | "tell">,
): Place => {
  const { view } = body;
  const below = view?.type === "modal" ? view : null;
  const channelId = view ? originOf(below?.private_metadata) : channelOf(body.channel?.id);
  const opener = modalOpener(client, { id: body.trigger_id, channelId, below }, held);
  if (!view) {
    const isPrivate = body.container["is_ephemeral"] === true;
    return {
      kind: isPrivate ? "private" : "card",
      channelId,
      ...atHand(opener),
      show: async (reply) => {
        await tell({ ...ephemeral(reply), replace_original: isPrivate });
      },
    };
  }
  const shown = (reply: Reply) =>
    replyView({ ...reply, blocks: withAgain(reply) }, below ? view.title?.text : undefined);
  // A private reply gives way to the next one; a form stays beneath it.
  const isReply = below !== null && view.callback_id === "reply";
  const modal = isReply ? atHand(opener) : holding(opener, held.viewId !== null);
  return {
    kind: below ? "private" : "home",
    channelId,
    ...modal,
    show: async (reply) => {
      if (isReply) await shownModal(client, below, channelId).replace(shown(reply));
      else {
        await modal.openModal(shown(reply)).catch((error: unknown) => {
          if (!isTriggerSpent(error)) throw error;
          return tell(ephemeral(reply));
        });
      }
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
