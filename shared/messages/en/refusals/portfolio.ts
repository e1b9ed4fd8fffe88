import { message } from "../../message.ts";
import type { RefusalMessages } from "../../refusals.ts";
import { example, targetProblems, targets, tooLong } from "./phrases.ts";

export const portfolioRefusals = {
  query_required: {
    title: "Query required",
    detail: () => message`Say what to search for.${example({ to: "search" })}`,
  },
  query_too_long: { title: "Query too long", detail: (refusal) => tooLong("The query", refusal) },
  search_unavailable: {
    title: "Search unavailable",
    detail: ({ unanswered }) =>
      unanswered.length === 0
        ? message`No target of this workspace has a search.`
        : message`No target has answered the search: ${targetProblems(unanswered)}. Try again in a minute.`,
  },
  rows_unavailable: {
    title: "Rows unavailable",
    detail: ({ unanswered }) =>
      unanswered.length === 0
        ? message`This workspace has no targets.`
        : message`No target has answered with its rows: ${targetProblems(unanswered)}. Try again in a minute.`,
  },
  reindex_failed: {
    title: "Reindex failed",
    detail: ({ without, failed }) =>
      failed.length === 0
        ? message`There is no index to rebuild at ${targets(without)}.`
        : message`No target has started to rebuild its index: ${targetProblems(failed)}. Try again in a minute.`,
  },
} satisfies Partial<RefusalMessages>;
