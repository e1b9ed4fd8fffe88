/** `/cv status #commit --trace` */
import { plural } from "../../../shared/messages/en/grammar.ts";
import type { PushTrace } from "../../../shared/use-cases/pushes/trace-push.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { turnPages } from "../core/commands/page-buttons.ts";
import { actions, context, header, listSections } from "../blocks/blocks.ts";
import { timelineLines, traceIdsOf } from "./timeline-lines.ts";
import { showButton } from "../components/commit-buttons.ts";
import { code } from "../blocks/text.ts";
import type { Reply } from "../core/reply.ts";

/** As many as fit into a message with their words. */
const perPage = 30;

const maxTraces = 3;

export const timelineReply = (trace: PushTrace, page?: number): Reply => {
  const { commit, push } = trace;
  const { number } = commit;
  const lines = timelineLines(trace);
  const { index, again, where, buttons } = turnPages(
    `status ${number} --trace`,
    page,
    Math.max(1, Math.ceil(lines.length / perPage)),
  );
  const traces = traceIdsOf(trace)
    .slice(0, maxTraces)
    .map((traceId) => code(traceId, 40));
  return {
    text: `Push #${push.number} of commit #${number}: ${plural(trace.events.length, "event")}`,
    blocks: [
      header(`Push #${push.number} of commit #${number}, from the command on`),
      ...listSections(lines.slice(index * perPage, (index + 1) * perPage), 7500),
      context(...where, `Trace ${traces.join(", ")}: every log line about it has this id`),
      actions(...buttons, commandButton("go", "Status", `status ${number}`), showButton(number)),
    ],
    again,
  };
};
