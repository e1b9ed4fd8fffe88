import { retryPush } from "../../../shared/verbs/retry-push.ts";
import { startPush } from "../../../shared/verbs/start-push.ts";
import { quoted } from "../text.ts";
import { refuse, say, usageOf } from "./command.ts";
import { numbered } from "./numbered.ts";

export const push = numbered({
  name: "push",
  usage: "#commit [all|d1cv|ai]",
  summary: "Applies an approved commit to all its targets, or to one.",
  examples: ["/cv push 1 all", "/cv push 1 d1cv"],
  role: "approver",
  options: [],
  run: async ({ ctx, channelId, announce }, number, [scope = "all", ...tooMany]) => {
    if (tooMany.length > 0)
      return usageOf(push, `\`${quoted(tooMany.join(" "), 60)}\` is too much: a push goes to all targets or to one.`);
    const started = await startPush(ctx, { number, scope, channelId });
    if (!started.ok) return refuse(started.reason);
    announce(ctx.workspaceId, { watchAt: started.value.watchAt, dispatched: true });
    const { pushNumber, targets } = started.value;
    return say(
      `Push *#${pushNumber}* of commit *#${number}* to ${targets.map((name) => quoted(name)).join(", then ")} has started. Its thread in the channel shows how it goes.`,
    );
  },
});

export const retry = numbered({
  name: "retry",
  usage: "#commit [target]",
  summary: "Sends what failed again; it is safe to repeat.",
  examples: ["/cv retry 1", "/cv retry 1 ai"],
  role: "approver",
  options: [],
  run: async ({ ctx, announce }, number, [target = null]) => {
    const retried = await retryPush(ctx, { number, target });
    if (!retried.ok) {
      // Asking about an unknown outcome may have sent the next target on its way.
      announce(ctx.workspaceId, { dispatched: true });
      return refuse(retried.reason);
    }
    announce(ctx.workspaceId, { watchAt: retried.value.watchAt, dispatched: true });
    return say(
      `Sending commit *#${number}* to ${quoted(retried.value.target)} again, attempt ${retried.value.attempt}.`,
    );
  },
});
