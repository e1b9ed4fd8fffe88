import { type ActionItemList, listActionItems } from "../../../shared/use-cases/workspace/list-action-items.ts";
import { type Answer, answer, refuse, say } from "../core/reply.ts";
import { permit } from "../../../shared/use-cases/session.ts";
import { startPush } from "../../../shared/use-cases/pushes/start-push.ts";
import { retryView } from "./retry-modal.ts";
import { code, quoted } from "../blocks/text.ts";
import { type Command, usageOf } from "../core/commands/command.ts";
import { numbered } from "../core/commands/numbered.ts";
import { retryReply } from "./retry-reply.ts";

export const push = numbered({
  name: "push",
  usage: "#commit [all|<target>]",
  summary: "Applies an approved commit to all its targets, or to one.",
  examples: ["/cv push 1 all", "/cv push 1"],
  permission: "push",
  run: async ({ ctx, channelId }, number, [scope = "all", ...tooMany]) => {
    if (tooMany.length > 0)
      return usageOf(push, `${code(tooMany.join(" "), 60)} is too much: a push goes to all targets or to one.`);
    return answer(startPush(ctx, { number, scope, channelId }), ({ pushNumber, targets }) =>
      say(
        `Push *#${pushNumber}* of commit *#${number}* to ${targets.map((name) => quoted(name)).join(", then ")} has started. \`/cv status ${number}\` shows how it goes, and so does the thread of its card.`,
      ),
    );
  },
});

const retryNumbered = numbered({
  name: "retry",
  usage: "[#commit] [all|<target>]",
  summary: "Sends what failed again; it is safe to repeat. Alone, it opens a form.",
  examples: ["/cv retry 1", "/cv retry 1 all"],
  permission: "retry",
  run: ({ ctx }, number, [target = null]) => retryReply(ctx, number, target),
});

export const retry: Command = {
  ...retryNumbered,
  run: async (call) => {
    if (call.args.positionals.length > 0) return retryNumbered.run(call);
    return answer(listActionItems(call.ctx), retryForm);
  },
};

/** A form takes so many. */
const maxOffered = 50;

/** Only what a retry can help: what its target refuses as too large is not among them. */
const retryForm = ({ session, actionItems }: ActionItemList): Answer => {
  const allowed = permit(session, "retry");
  if (!allowed.ok) return refuse(allowed.reason);
  const commits = actionItems.flatMap((item) => (item.kind === "retry" ? [item.commit] : [])).toReversed();
  return commits.length === 0 ? say("No push waits for a retry.") : retryView(commits.slice(0, maxOffered));
};
