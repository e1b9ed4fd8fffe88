/** What only the person who asked sees, and how it becomes a message. */
import type { Button, KnownBlock, ModalView } from "@slack/types";
import type { Refusal, RefusalCode } from "../../../shared/contract/refusals.ts";
import type { Result } from "../../../shared/result.ts";
import { refusalText } from "../blocks/mrkdwn.ts";
import { actions, blocksOf, fit, section } from "../blocks/blocks.ts";
import { commandButton } from "./buttons/command-button.ts";
import { conflictBlocks, conflictButtons } from "./conflict-blocks.ts";

/** What only the person who asked sees. */
export interface Reply {
  text: string;
  blocks: KnownBlock[];
  /** The command that makes this reply anew: what a click on it has changed is shown in its place. */
  again?: string;
  /** Nothing was changed. */
  refused?: true;
  /** Why, for the log and the count. */
  code?: RefusalCode;
}

export const say = (markdown: string, ...buttons: Button[]): Reply => ({
  text: markdown,
  blocks: blocksOf(section(markdown), buttons.length > 0 && actions(...buttons)),
});

/** That nothing was changed, and why. Without another code it is what was typed or chosen that cannot be used. */
export const decline = (markdown: string): Reply => ({
  ...say(`:warning: ${markdown}`),
  refused: true,
  code: "invalid_request",
});

/** With what can be done about it, where that is a button. */
export const refuse = (refusal: Refusal): Reply => {
  if (refusal.code === "drifted" || refusal.code === "conflicts_changed") return refuseConflicts(refusal);
  if (refusal.code === "change_committed") return refuseCommitted(refusal);
  return { ...decline(refusalText(refusal)), code: refusal.code };
};

/** A private reply outlives its change: it leads to the commit that has the change now. */
const refuseCommitted = (refusal: Refusal<"change_committed">): Reply => {
  const { commitNumber: number, status } = refusal.commit;
  const show = commandButton("go", `Show commit #${number}`, `show ${number}`);
  const buttons = status === "pending" ? [commandButton("do", "Reopen it", `reopen ${number}`), show] : [show];
  return { ...say(`:warning: ${refusalText(refusal)}`, ...buttons), refused: true, code: refusal.code };
};

const refuseConflicts = (refusal: Refusal<"drifted" | "conflicts_changed">): Reply => {
  const { number, conflicts, count, seen } = refusal;
  const text = `:warning: ${refusalText({ ...refusal, conflicts: [], count: 0 })}`;
  const buttons = conflictButtons(number, conflicts, seen);
  return {
    text: `:warning: ${refusalText(refusal)}`,
    blocks: blocksOf(section(text), conflictBlocks(conflicts, count), buttons.length > 0 && actions(...buttons)),
    refused: true,
    code: refusal.code,
  };
};

/** What the submission of a form leads to. */
export type SubmitAnswer =
  /** Takes the place of the form; a refusal stands above its inputs, and everything typed stays. */
  | Reply
  /** Texts on inputs, by block id; everything typed stays. Plain text. */
  | { errors: Record<string, string>; code?: RefusalCode }
  /** Another content, below a reply; what is typed into inputs with the same ids stays. */
  | { redrawn: ModalView; below: Reply };

/** What a command or a button leads to: a reply, a form that opens, or nothing where a card or a form says it. */
export type Answer = Reply | ModalView | null;

export const isForm = (answer: Answer): answer is ModalView => answer !== null && "type" in answer;

/** The answer to the outcome of a use case: `show` makes it of the value. */
export const answer = async <T, Shown extends Answer>(
  outcome: Promise<Result<T, Refusal>>,
  show: (value: T) => Shown,
): Promise<Shown | Reply> => {
  const done = await outcome;
  return done.ok ? show(done.value) : refuse(done.reason);
};

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

export type PrivateMessage = ReturnType<typeof ephemeral> & { replace_original?: boolean };
