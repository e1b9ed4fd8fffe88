import { listCommits } from "../../../shared/use-cases/commits/list-commits.ts";
import { type Reply, refuse, say } from "../core/reply.ts";
import { permit } from "../../../shared/use-cases/session.ts";
import { startPush } from "../../../shared/use-cases/pushes/start-push.ts";
import { retryView } from "./retry-modal.ts";
import { quoted } from "../blocks/text.ts";
import { type Command, type CommandCall, usageOf } from "../core/commands/command.ts";
import { numbered } from "../core/commands/numbered.ts";
import { retryReply } from "./retry-reply.ts";

export const push = numbered({
  name: "push",
  usage: "#commit [all|<target>]",
  summary: "Applies an approved commit to all its targets, or to one.",
  examples: ["/cv push 1 all", "/cv push 1"],
  permission: "push",
  options: [],
  run: async ({ ctx, channelId }, number, [scope = "all", ...tooMany]) => {
    if (tooMany.length > 0)
      return usageOf(push, `\`${quoted(tooMany.join(" "), 60)}\` is too much: a push goes to all targets or to one.`);
    const started = await startPush(ctx, { number, scope, channelId });
    if (!started.ok) return refuse(started.reason);
    const { pushNumber, targets } = started.value;
    return say(
      `Push *#${pushNumber}* of commit *#${number}* to ${targets.map((name) => quoted(name)).join(", then ")} has started. Its thread in the channel shows how it goes.`,
    );
  },
});

const retryNumbered = numbered({
  name: "retry",
  usage: "[#commit] [all|<target>]",
  summary: "Sends what failed again; it is safe to repeat. Alone, it opens a form.",
  examples: ["/cv retry 1", "/cv retry 1 all"],
  permission: "retry",
  options: [],
  run: ({ ctx }, number, [target = null]) => retryReply(ctx, number, target),
});

export const retry: Command = {
  ...retryNumbered,
  run: async (call) => (call.args.positionals.length === 0 ? openRetryForm(call) : retryNumbered.run(call)),
};

const openRetryForm = async ({ ctx, openModal }: CommandCall): Promise<Reply | null> => {
  const failed = await listCommits(ctx, { limit: 50, before: null, status: "failed", author: null, since: null });
  if (!failed.ok) return refuse(failed.reason);
  const allowed = permit(failed.value.session, "retry");
  if (!allowed.ok) return refuse(allowed.reason);
  if (failed.value.commits.length === 0) return say("No push has failed, so there is nothing to retry.");
  await openModal(retryView(failed.value.commits));
  return null;
};
