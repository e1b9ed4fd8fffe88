import { summaryText } from "../../../shared/messages/en/commits.ts";
import { plural } from "../../../shared/messages/en/grammar.ts";
import type { SectionBlock } from "@slack/types";
import { type Reply, answer, say } from "../core/reply.ts";
import { type Found, searchPortfolio } from "../../../shared/use-cases/portfolio/search-portfolio.ts";
import type { UseCaseContext } from "../../../shared/use-cases/context.ts";
import { showButton } from "../components/commit-buttons.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { listRow } from "../core/buttons/row-menu.ts";
import { context, section } from "../blocks/blocks.ts";
import { code, quoted } from "../blocks/text.ts";

const limit = 10;

export const searchReply = (ctx: UseCaseContext, query: string): Promise<Reply> =>
  answer(searchPortfolio(ctx, { query, limit }), (found) => foundReply(found, query));

const foundReply = (found: Found, query: string): Reply => {
  const { hits, target, commits } = found;
  if (hits.length === 0 && commits.length === 0)
    return say(
      `Nothing found for *${quoted(query)}* at ${quoted(target)}, and no commit has these words. What was applied a moment ago can be found some seconds later, when its push says "searchable".`,
    );
  return {
    text: `${plural(hits.length, "hit")} for ${quoted(query)}: ${hits.map(({ name }) => quoted(name, 60)).join(", ")}`,
    blocks: [
      section(
        hits.length === 0 ? `No row fits *${quoted(query)}*` : `*${plural(hits.length, "hit")}* for *${quoted(query)}*`,
      ),
      ...hits.map((hit) => hitSection(found, hit)),
      ...commits.map(commitSection),
      context(`From ${quoted(target)}, best first.`),
    ],
  };
};

const commitSection = ({ number, summary }: Found["commits"][number]): SectionBlock =>
  listRow(`Commit *#${number}*  ·  ${quoted(summaryText(summary), 200)}`, [showButton(number)]);

/** What fits into a typed command as it is. */
const plainId = /^[\w.:-]{1,80}$/;

const hitSection = ({ mayChange }: Found, hit: Found["hits"][number]): SectionBlock =>
  listRow(`*${quoted(hit.name, 200)}*  ·  ${hit.entityType} ${code(hit.id, 80)}  ·  match ${percent(hit.score)}`, [
    mayChange && plainId.test(hit.id) && commandButton("go", "Change…", `stage update ${hit.entityType} ${hit.id}`),
  ]);

/** Cosine similarity as it is: what counts as close is different for each embedding model. */
const percent = (score: number): string => `${Math.round(Math.max(score, 0) * 100)} %`;
