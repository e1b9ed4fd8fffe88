/** What the listeners make of a Slack request before a command, a button or a form gets it. */
import type { App } from "@slack/bolt";
import type { AnnounceLater } from "../../../shared/announce.ts";
import { log } from "../../../shared/log.ts";
import type { RequestContext } from "./request-context.ts";
import type { Deps } from "../../env.ts";
import { fit } from "../blocks/blocks.ts";
import type { Reply } from "./commands/command.ts";

export interface WorkerContext extends Record<string, unknown> {
  deps: Deps;
  waitUntil: (work: Promise<unknown>) => void;
  traceId: string;
  /** What a repeat of the same request has as well; null for what may be done twice. */
  key: string | null;
  held: Held;
  /** Says something to the person alone, by whichever way is open. Throws where Slack may take it later. */
  tell: (message: PrivateMessage) => Promise<void>;
}

/** The modal that stands open for a request: once its trigger is spent, whatever is to be shown is shown there. */
export interface Held {
  viewId: string | null;
}

export type PrivateMessage = ReturnType<typeof ephemeral> & { replace_original?: boolean };

export type SlackApp = App<WorkerContext>;

/** A channel in which others see what stands there; null for direct messages. */
export const channelOf = (conversationId: string | undefined): string | null =>
  conversationId !== undefined && /^[CG]/.test(conversationId) ? conversationId : null;

/** Announcing comes after the answer: nobody waits for it. */
const announceLater =
  ({ deps, waitUntil }: WorkerContext): AnnounceLater =>
  (workspaceId, announcement) =>
    waitUntil(deps.announce(workspaceId, announcement));

export interface Asked {
  workspaceId: string;
  userId: string;
  /** That of the request, where what it does must not be done twice. */
  key: string | null;
}

export interface Request {
  ctx: RequestContext;
  announce: AnnounceLater;
}

/** Under which D1 knows the request. */
export const inboxKeyOf = (key: string): string => `slack:${key}`;

export const requestOf = (context: WorkerContext, { workspaceId, userId, key }: Asked): Request => {
  const ctx = context.deps.useCaseContext({
    workspaceId,
    actor: { kind: "slack", id: userId },
    inboxKey: key === null ? null : inboxKeyOf(key),
    traceId: context.traceId,
  });
  log("slack.request", { traceId: ctx.traceId, workspaceId, userId });
  return {
    ctx: { ...ctx, askRows: context.deps.rowCache.asker(ctx, context.waitUntil) },
    announce: announceLater(context),
  };
};

/** A reply as a message that only the person sees. */
export const ephemeral = (reply: Reply) => ({
  response_type: "ephemeral" as const,
  ...fit({ text: reply.text, blocks: withAgain(reply) }),
});

const againPrefix = "again";

/** The command that makes a reply anew stands in the ids of its blocks: Slack reports no more of a private message. */
export const withAgain = ({ blocks, again }: Pick<Reply, "blocks" | "again">): Reply["blocks"] =>
  again === undefined
    ? blocks
    : blocks.map((block, index) =>
        block.type === "actions" || (block.type === "section" && block.accessory)
          ? { ...block, block_id: `${againPrefix}:${index}:${again}`.slice(0, 255) }
          : block,
      );

/** The command that made what the block stands in, or null. */
export const againOf = (blockId: string): string | null => /^again:\d+:([\s\S]*)$/.exec(blockId)?.[1] ?? null;
