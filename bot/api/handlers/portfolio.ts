import { apiChange, apiCommit } from "../../../shared/contract/resources.ts";
import { entityOf, entityTypes } from "../../../shared/domain/portfolio/registry.ts";
import { describeSelf } from "../../../shared/use-cases/workspace/describe-self.ts";
import { listRows } from "../../../shared/use-cases/portfolio/list-rows.ts";
import { reconcileTargets } from "../../../shared/use-cases/portfolio/reconcile-targets.ts";
import { reindexTargets } from "../../../shared/use-cases/portfolio/reindex-targets.ts";
import { acceptLive, stageFix } from "../../../shared/use-cases/portfolio/settle-difference.ts";
import { pushAgain } from "../../../shared/use-cases/portfolio/push-again.ts";
import { searchPortfolio } from "../../../shared/use-cases/portfolio/search-portfolio.ts";
import { verifyTargets } from "../../../shared/use-cases/portfolio/verify-targets.ts";
import { type Handlers, answer } from "./handler.ts";
import { pushReply } from "./pushes.ts";

const entities = entityTypes.map((type) => {
  const { label, plural, fields } = entityOf(type);
  return {
    type,
    label,
    plural,
    fields: Object.entries(fields).map(([name, field]) => ({
      name,
      kind: field.kind,
      label: field.label,
      hint: field.hint,
      example: field.example,
      required: field.required,
      options: field.options ? [...field.options] : null,
    })),
  };
});

const maxDifferences = 1000;

export const portfolioHandlers = {
  search: ({ ctx, query: { q, limit = 10 } }) =>
    answer(searchPortfolio(ctx, { query: q, limit }), ({ query, target, hits, commits }) => ({
      query,
      target,
      hits,
      commits: commits.map(apiCommit),
    })),

  listRows: ({ ctx, params }) => listRows(ctx, params.entityType),

  verify: ({ ctx }) =>
    answer(verifyTargets(ctx), ({ checks, differences }) => ({
      targets: checks,
      differences: differences.slice(0, maxDifferences),
      differenceCount: differences.length,
    })),

  stageFix: ({ ctx, body }) => answer(stageFix(ctx, body), ({ change }) => apiChange(change)),

  pushAgain: async ({ ctx, body }) => {
    const started = await pushAgain(ctx, { ...body, channelId: null });
    return started.ok ? pushReply({ ...ctx, idempotencyKey: null }, started.value.pushNumber) : started;
  },

  acceptLive: ({ ctx, body }) => acceptLive(ctx, body),

  reindex: ({ ctx, body }) => reindexTargets(ctx, { target: body.target ?? null }),

  reconcile: ({ ctx, body }) =>
    reconcileTargets(ctx, { target: body.target ?? null, skipNumbers: body.skipNumbers ?? false }),

  describeEntities: ({ ctx }) => answer(describeSelf(ctx), () => ({ entities })),
} satisfies Partial<Handlers>;
