import { plural } from "../../../shared/messages/en/grammar.ts";
import { listEvents } from "../../../shared/use-cases/workspace/list-events.ts";
import { refuse, say } from "../core/reply.ts";
import { context, header, listSections } from "../blocks/blocks.ts";
import { datedEventLine } from "../components/event-lines.ts";
import { quoted } from "../blocks/text.ts";
import { type Command, usageOf } from "../core/commands/command.ts";
import { numberOf } from "../core/commands/grammar.ts";
import { pageButtons } from "../core/commands/page-buttons.ts";

/** As many as fit into a message with their words. */
const perPage = 20;

export const log: Command = {
  name: "log",
  usage: "[--before <id>]",
  summary: "Lists what has happened, newest first: who changed, decided and pushed what, and what the targets said.",
  examples: ["/cv log"],
  permission: "read",
  options: [{ name: "before", value: "the id of an event, as the button Older gives it" }],
  run: async ({ ctx, args }) => {
    const [extra] = args.positionals;
    if (extra !== undefined) return usageOf(log, `\`${quoted(extra, 40)}\` is too much.`);
    const typed = args.options["before"];
    const before = typeof typed === "string" ? numberOf(typed) : null;
    if (typeof typed === "string" && before === null) {
      return usageOf(log, `\`${quoted(typed, 40)}\` is not the id of an event.`);
    }
    const listed = await listEvents(ctx, { limit: perPage, before });
    if (!listed.ok) return refuse(listed.reason);
    const { events } = listed.value;
    const again = before === null ? "log" : `log --before ${before}`;
    const buttons = pageButtons("log", listed.value);
    if (events.length === 0) {
      const reply = say(
        before === null
          ? "Nothing has happened yet. `/cv stage` begins."
          : "Nothing happened before that. `/cv log` shows the newest.",
      );
      return { ...reply, blocks: [...reply.blocks, ...buttons], again };
    }
    return {
      text: `What happened last: ${plural(events.length, "event")}`,
      blocks: [
        header(before === null ? "What happened last" : "What happened before"),
        ...listSections(events.map(datedEventLine), 8500),
        ...buttons,
        context("`/cv show &lt;number&gt;` shows a commit with all that became of it"),
      ],
      again,
    };
  },
};
