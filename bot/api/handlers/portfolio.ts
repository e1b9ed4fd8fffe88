import { entityOf, entityTypes } from "../../../shared/domain/portfolio/registry.ts";
import { ok } from "../../../shared/result.ts";
import { describeSelf } from "../../../shared/use-cases/workspace/describe-self.ts";
import { listRows } from "../../../shared/use-cases/portfolio/list-rows.ts";
import { reindexTargets } from "../../../shared/use-cases/portfolio/reindex-targets.ts";
import { searchPortfolio } from "../../../shared/use-cases/portfolio/search-portfolio.ts";
import { verifyTargets } from "../../../shared/use-cases/portfolio/verify-targets.ts";
import type { Handlers } from "./handler.ts";

type PortfolioHandlers = Handlers<"search" | "listRows" | "verify" | "reindex" | "describeEntities">;

export const portfolioHandlers: PortfolioHandlers = {
  search: async ({ ctx, query }) => {
    const found = await searchPortfolio(ctx, { query: query.q, limit: query.limit ?? 10 });
    if (!found.ok) return found;
    const { query: asked, target, hits } = found.value;
    return ok({ query: asked, target, hits });
  },

  listRows: ({ ctx, params }) => listRows(ctx, params.entityType),

  verify: async ({ ctx }) => {
    const verified = await verifyTargets(ctx);
    return verified.ok ? ok({ targets: verified.value.checks, sameCount: verified.value.sameCount }) : verified;
  },

  reindex: async ({ ctx, body }) => {
    const reindexed = await reindexTargets(ctx, { target: body.target ?? null });
    return reindexed;
  },

  describeEntities: async ({ ctx }) => {
    const self = await describeSelf(ctx);
    if (!self.ok) return self;
    return ok({
      entities: entityTypes.map((type) => {
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
      }),
    });
  },
};
