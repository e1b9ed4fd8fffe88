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
  hasPlaceholder: () => boolean;
}

/** Of the three seconds, with time left for Slack to open it. */
const patienceMs = 1200;

/** One trigger for the placeholder and for the modal that was asked for: the second takes the place of the first. */
const withPlaceholder = (open: OpenModal, isOpen: boolean): Pick<Place, "openModal" | "awaited" | "hasPlaceholder"> => {
  let opened: ReturnType<OpenModal> | null = null;
  let hasPlaceholder = isOpen;
  return {
    openModal: async (view) => {
      if (hasPlaceholder && opened) return (await opened).replace(view);
      opened = open(view);
      return opened;
    },
    awaited: async (reply) => {
      const timer = setTimeout(() => {
        if (opened) return;
        hasPlaceholder = true;
        opened = open(loadingView("CV Ops"));
        // Whoever shows the reply in it gets the failure.
        opened.catch(() => {});
      }, patienceMs);
      return reply.finally(() => clearTimeout(timer));
    },
    hasPlaceholder: () => hasPlaceholder,
  };
};

/** Where a reply needs no trigger, it may take its time. */
const atHand = (openModal: OpenModal): Pick<Place, "openModal" | "awaited" | "hasPlaceholder"> => ({
  openModal,
  awaited: (reply) => reply,
  hasPlaceholder: () => false,
});

export const placeOf = (
  body: BlockAction,
  client: WebClient,
  { placeholder, notify }: Pick<WorkerContext, "placeholder" | "notify">,
): Place => {
  const { view } = body;
  const below = view?.type === "modal" ? view : null;
  const channelId = view ? originOf(below?.private_metadata) : channelOf(body.channel?.id, body.channel?.name);
  const opener = modalOpener(client, { id: body.trigger_id, channelId, below }, placeholder);
  if (!view) {
    const isPrivate = body.container["is_ephemeral"] === true;
    return {
      kind: isPrivate ? "private" : "card",
      channelId,
      ...atHand(opener),
      show: (reply) => notify({ ...ephemeral(reply), replace_original: isPrivate }),
    };
  }
  const shown = (reply: Reply) =>
    replyView({ ...reply, blocks: withAgain(reply) }, below ? view.title?.text : undefined);
  // A private reply gives way to the next one; a form stays beneath it.
  const isReply = below !== null && view.callback_id === "reply";
  const modal = isReply ? atHand(opener) : withPlaceholder(opener, placeholder.viewId !== null);
  return {
    kind: below ? "private" : "home",
    channelId,
    ...modal,
    show: async (reply) => {
      if (isReply) await shownModal(client, below, channelId).replace(shown(reply));
      else {
        await modal.openModal(shown(reply)).catch((error: unknown) => {
          if (!isTriggerSpent(error)) throw error;
          return notify(ephemeral(reply));
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
