/** `/cv status #commit --trace` */
import { plural } from "../../../shared/messages/en/grammar.ts";
import type { Button } from "@slack/types";
import { type PushTrace, tracePush } from "../../../shared/use-cases/pushes/trace-push.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { actions, context, header, listSections } from "../blocks/blocks.ts";
import { timelineLines, traceIdsOf } from "./timeline-lines.ts";
import { showButton } from "../components/commit-buttons.ts";
import { quoted } from "../blocks/text.ts";
import type { RequestContext } from "../core/request-context.ts";
import { type Reply, refuse } from "../core/reply.ts";

/** As many as fit into a message with their words. */
const perPage = 30;

const maxTraces = 3;

export const timeline = async (ctx: RequestContext, number: number, page: number): Promise<Reply> => {
  const traced = await tracePush(ctx, number);
  return traced.ok ? timelineReply(traced.value, page) : refuse(traced.reason);
};

export const timelineReply = (trace: PushTrace, page: number): Reply => {
  const { commit, push } = trace;
  const { number } = commit;
  const lines = timelineLines(trace);
  const pages = Math.max(1, Math.ceil(lines.length / perPage));
  const at = Math.min(Math.max(page, 1), pages);
  const command = `status ${number} --trace`;
  const to = (label: string, wanted: number): Button => commandButton("go", label, `${command} --page ${wanted}`);
  const traces = traceIdsOf(trace)
    .slice(0, maxTraces)
    .map((traceId) => `\`${quoted(traceId, 40)}\``);
  return {
    text: `Push #${push.number} of commit #${number}: ${plural(trace.events.length, "event")}`,
    blocks: [
      header(`Push #${push.number} of commit #${number}, from the command on`),
      ...listSections(lines.slice((at - 1) * perPage, at * perPage), 7500),
      context(
        ...(pages > 1 ? [`Page ${at} of ${pages}`] : []),
        `Trace ${traces.join(", ")}: every line of the logs about it has this`,
      ),
      actions(
        ...(at > 1 ? [to("Previous", at - 1)] : []),
        ...(at < pages ? [to("Next", at + 1)] : []),
        commandButton("go", "Status", `status ${number}`),
        showButton(number),
      ),
    ],
    again: at > 1 ? `${command} --page ${at}` : command,
  };
};
