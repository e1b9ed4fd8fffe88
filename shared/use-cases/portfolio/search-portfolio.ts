import { normalized } from "../../domain/text.ts";
import type { Commit } from "../../domain/commits/commit.ts";
import { commitTextsQuery, commitsWithWords, foundCommitsQuery } from "../../storage/commits/commits.ts";
import { read } from "../../storage/database.ts";
import { type Result, fail, ok } from "../../result.ts";
import type { SearchBody } from "../../targets/protocol.ts";
import type { UseCaseContext } from "../context.ts";
import { type ReadRefusal, allows, openSession, permit } from "../session.ts";

export interface SearchInput {
  query: string;
  /** 1 to 50. */
  limit: number;
}

export interface Found {
  query: string;
  /** The target that has searched. */
  target: string;
  /** Those that fit, best first; none where nothing does. */
  hits: SearchBody["hits"];
  /** Commits of which message and summary have all words of the query, newest first. */
  commits: Commit[];
  /** Whether the acting person may stage a change to them. */
  mayChange: boolean;
}

export type SearchReason = ReadRefusal<"query_required" | "query_too_long" | "search_unavailable">;

const maxCommits = 10;
export const maxQueryLength = 200;

/**
 * Commits by their words, and rows of the portfolio by similarity to the query: from the first target (in order of
 * application) that answers.
 */
export const searchPortfolio = async (
  ctx: UseCaseContext,
  input: SearchInput,
): Promise<Result<Found, SearchReason>> => {
  // Half a character has no place in an address.
  const query = normalized(input.query.trim()).toWellFormed();
  const words = query.split(/\s+/).filter((word) => word !== "");
  const isTooLong = query.length > maxQueryLength;
  const [session, texts] = await openSession(ctx, commitTextsQuery(ctx.workspaceId, isTooLong ? [] : words));
  const allowed = permit(session, "read");
  if (!allowed.ok) return allowed;
  if (query === "") return fail({ code: "query_required" });
  if (isTooLong) {
    return fail({ code: "query_too_long", length: query.length, maxLength: maxQueryLength });
  }

  const answers = await Promise.all(
    session.targets.map(async (target) => ({
      target: target.name,
      answer: await ctx.targets(target, ctx.traceId).search(query, input.limit),
    })),
  );
  for (const { target, answer } of answers) {
    if (answer.ok && answer.value) {
      const commits = await foundCommits(ctx, commitsWithWords(texts, words));
      return ok({ query, target, hits: answer.value.hits, commits, mayChange: allows(session, "stage") });
    }
  }
  return fail({
    code: "search_unavailable",
    unanswered: answers.flatMap(({ target, answer }) =>
      answer.ok ? [] : [{ target, message: answer.reason.message }],
    ),
  });
};

const foundCommits = async ({ db, workspaceId }: UseCaseContext, numbers: readonly number[]): Promise<Commit[]> => {
  if (numbers.length === 0) return [];
  const [commits] = await read(db, foundCommitsQuery(workspaceId, numbers, maxCommits));
  return commits;
};
