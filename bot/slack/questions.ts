/**
 * What an entry of a menu asks before it is done. A menu has one confirmation for all its entries (docs.slack.dev,
 * "Overflow menu element"), so the question is a reply of its own, and its answer the button that has the confirmation
 * elsewhere.
 */
import type { Button } from "@slack/types";
import { effectOf } from "../../shared/domain/staging/summary.ts";
import { checkApprove } from "../../shared/use-cases/reviews/decide-commit.ts";
import type { UseCaseContext } from "../../shared/use-cases/context.ts";
import { actions, section } from "./blocks/blocks.ts";
import { literal } from "./blocks/text.ts";
import { unstageButton } from "./components/change-lines.ts";
import { approveButton, cancelButton, dropButton } from "./components/commit-buttons.ts";
import type { ClickedThing } from "./core/buttons/row-menu.ts";
import { type Reply, refuse } from "./core/reply.ts";

/** By the first word of the command: its button for a number, and the command that shows what is asked about. */
const questions: Record<string, { button: (number: number) => Button; shows: (number: number) => string }> = {
  cancel: { button: cancelButton, shows: (number) => `show ${number}` },
  drop: { button: dropButton, shows: (number) => `show ${number}` },
  unstage: { button: unstageButton, shows: () => "staged" },
};

/** With the confirmation of the button as its text. */
const askingFor = ({ confirm, ...button }: Button, again: string): Reply | null => {
  if (!confirm) return null;
  const [title, text] = [literal(confirm.title?.text ?? ""), literal(confirm.text.text)];
  return {
    text: `${title} ${text}`,
    blocks: [
      section(`*${title}*\n${text}`),
      actions({
        ...button,
        text: { type: "plain_text", text: confirm.confirm?.text ?? button.text.text },
        ...(confirm.style === "danger" && { style: "danger" }),
      }),
    ],
    again,
  };
};

/** Null where nothing has to be asked: it is done at once. Who may not, or comes too late, reads so first. */
export const questionFor = async (ctx: UseCaseContext, clicked: ClickedThing): Promise<Reply | null> => {
  if ("command" in clicked) {
    const [, name = "", number] = /^([a-z]+) (\d+)$/.exec(clicked.command.command) ?? [];
    const question = questions[name];
    if (!question) throw new Error(`no question for ${clicked.command.command}`);
    return askingFor(question.button(Number(number)), question.shows(Number(number)));
  }
  const { action, button } = clicked.button;
  const { number, seenHash = null } = button;
  if (action !== "commit.approve") throw new Error(`no question for ${action}`);
  const checked = await checkApprove(ctx, { number, seenHash });
  // A request that Slack sends again has been done already, and is answered as it was.
  if (!checked.ok) return checked.reason.code === "duplicate_request" ? null : refuse(checked.reason);
  const { commit, operations, mode } = checked.value;
  return askingFor(approveButton(commit, effectOf(operations), mode), `show ${number}`);
};
