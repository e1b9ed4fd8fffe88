import { plural } from "../../../shared/messages/en/grammar.ts";
import { type EventPage, listEvents } from "../../../shared/use-cases/workspace/list-events.ts";
import { type Reply, answer } from "../core/reply.ts";
import { blocksOf, context, header, listSections, section } from "../blocks/blocks.ts";
import { datedEventLine } from "../components/event-lines.ts";
import { code } from "../blocks/text.ts";
import { type Command, usageOf } from "../core/commands/command.ts";
import { pageOf } from "../core/commands/page-buttons.ts";

/** As many as fit into a message with their words. */
const perPage = 20;

export const log: Command = {
  name: "log",
  usage: "[--before <id>]",
  summary: "Lists what has happened, newest first: who changed, decided and pushed what, and what the targets said.",
  examples: ["/cv log"],
  permission: "read",
  options: [{ name: "before", value: "the id of an event, as the button Older gives it", isNumber: true }],
  run: async ({ ctx, args }) => {
    const [extra] = args.positionals;
    if (extra !== undefined) return usageOf(log, `${code(extra, 40)} is too much.`);
    const { before } = args.numbers;
    return answer(listEvents(ctx, { limit: perPage, before: before ?? null }), (page) => logReply(page, before));
  },
};

const logReply = (page: EventPage, before: number | undefined): Reply => {
  const { events } = page;
  const { again, buttons } = pageOf("log", before, page);
  if (events.length === 0) {
    const none =
      before === undefined
        ? "Nothing has happened yet. `/cv stage` begins."
        : "Nothing happened before that. `/cv log` shows the newest.";
    return { text: none, blocks: blocksOf(section(none), buttons), again };
  }
  return {
    text: `What happened last: ${plural(events.length, "event")}`,
    blocks: blocksOf(
      header(before === undefined ? "What happened last" : "What happened before"),
      listSections(events.map(datedEventLine), 8500),
      buttons,
      context("`/cv show &lt;number&gt;` shows a commit with all that became of it"),
    ),
    again,
  };
};
