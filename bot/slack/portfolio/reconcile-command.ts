import { plainText } from "../../../shared/messages/plain-text.ts";
import { reconciledMessages } from "../../../shared/messages/en/reconciliation.ts";
import { type Reconciled, reconcileTargets } from "../../../shared/use-cases/portfolio/reconcile-targets.ts";
import { actions, blocksOf, listSections } from "../blocks/blocks.ts";
import { mrkdwn } from "../blocks/mrkdwn.ts";
import { code } from "../blocks/text.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { type Command, usageOf } from "../core/commands/command.ts";
import { type Reply, answer } from "../core/reply.ts";

export const reconcile: Command = {
  name: "reconcile",
  usage: "[<target>] [--skip-numbers]",
  summary: "After a database was put back in time: each side gets what it lacks of the other.",
  examples: ["/cv reconcile", "/cv reconcile d1", "/cv reconcile --skip-numbers"],
  permission: "targets",
  options: [{ name: "skip-numbers" }],
  run: async ({ ctx, args }) => {
    const [target = null, ...tooMany] = args.positionals;
    if (tooMany.length > 0)
      return usageOf(reconcile, `${code(tooMany.join(" "), 60)} is too much: name one target, or none for all.`);
    const skipNumbers = args.switches.includes("skip-numbers");
    return answer(reconcileTargets(ctx, { target, skipNumbers }), reconciledReply);
  },
};

const reconciledReply = (reconciled: Reconciled): Reply => {
  const messages = reconciledMessages(reconciled);
  const left = reconciled.targets.find(({ more }) => more > 0);
  return {
    text: messages.map((each) => plainText(each)).join(" "),
    blocks: blocksOf(
      listSections(
        messages.map((each) => mrkdwn(each)),
        8500,
      ),
      actions(
        left !== undefined &&
          commandButton("do", "Reconcile the rest", `reconcile ${left.target}`, { style: "primary" }),
        commandButton("go", "Verify the targets", "verify"),
      ),
    ),
  };
};
