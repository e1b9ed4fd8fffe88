import type { ReplyOf } from "../../../shared/api/operations.ts";
import { apiCommit } from "../../../shared/api/resources.ts";
import type { DeadLetter } from "../../../shared/domain/dead-letter.ts";
import { entityOf, entityTypes } from "../../../shared/domain/entities/registry.ts";
import type { Need, Step } from "../../../shared/domain/needs.ts";
import { type ApiToken, tokenState } from "../../../shared/domain/token.ts";
import { ok } from "../../../shared/result.ts";
import { nowOf } from "../../../shared/verbs/context.ts";
import { discardDeadLetter, retryDeadLetter } from "../../../shared/verbs/decide-dead-letter.ts";
import { describeSelf } from "../../../shared/verbs/describe-self.ts";
import { listDeadLetters } from "../../../shared/verbs/list-dead-letters.ts";
import { listNeeds } from "../../../shared/verbs/list-needs.ts";
import { listRows } from "../../../shared/verbs/list-rows.ts";
import { listRoles } from "../../../shared/verbs/list-roles.ts";
import { listTokens } from "../../../shared/verbs/list-tokens.ts";
import { reindexTargets } from "../../../shared/verbs/reindex-targets.ts";
import { revokeToken } from "../../../shared/verbs/revoke-token.ts";
import { searchPortfolio } from "../../../shared/verbs/search-portfolio.ts";
import { setRole } from "../../../shared/verbs/set-role.ts";
import { setSettings } from "../../../shared/verbs/set-settings.ts";
import { showSettings } from "../../../shared/verbs/show-settings.ts";
import { verifyTargets } from "../../../shared/verbs/verify-targets.ts";
import type { Handlers } from "./handler.ts";

type WorkspaceHandlers = Handlers<
  | "search"
  | "listRows"
  | "verify"
  | "reindex"
  | "describeEntities"
  | "whoAmI"
  | "showSettings"
  | "setSettings"
  | "listPeople"
  | "listRoles"
  | "setRole"
  | "listDeadLetters"
  | "retryDeadLetter"
  | "discardDeadLetter"
  | "listTokens"
  | "revokeToken"
  | "listNeeds"
>;

export const workspaceHandlers: WorkspaceHandlers = {
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

  reindex: async ({ ctx, body, announce }) => {
    const reindexed = await reindexTargets(ctx, { target: body.target ?? null });
    if (reindexed.ok) announce(ctx.workspaceId);
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

  whoAmI: async ({ ctx, caller }) => {
    const self = await describeSelf(ctx);
    if (!self.ok) return self;
    const { actor, expiresAt } = caller;
    const token =
      actor.kind === "token" ? { name: actor.token.name, scopes: [...actor.token.scopes], expiresAt } : null;
    return ok({ workspaceId: ctx.workspaceId, userId: actor.id, token, ...self.value });
  },

  showSettings: async ({ ctx }) => {
    const shown = await showSettings(ctx);
    return shown.ok ? ok({ settings: shown.value.settings, mayApprove: shown.value.mayApprove }) : shown;
  },

  setSettings: async ({ ctx, body, announce }) => {
    const { mode, approvalsNeeded, channelId } = body;
    const set = await setSettings(ctx, {
      ...(mode === undefined ? {} : { mode }),
      ...(approvalsNeeded === undefined ? {} : { approvalsNeeded }),
      ...(channelId === undefined ? {} : { channelId }),
    });
    if (set.ok) announce(ctx.workspaceId);
    return set;
  },

  listPeople: async ({ ctx, query, namesOf }) => {
    const self = await describeSelf(ctx);
    return self.ok ? ok({ people: await namesOf([...new Set(query.ids.split(","))]) }) : self;
  },

  listRoles: async ({ ctx }) => {
    const listed = await listRoles(ctx);
    return listed.ok ? ok({ members: listed.value.members }) : listed;
  },

  setRole: async ({ ctx, params, body, announce }) => {
    const set = await setRole(ctx, { userIds: [params.userId], role: body.role });
    if (set.ok) announce(ctx.workspaceId);
    return set;
  },

  listDeadLetters: async ({ ctx, query }) => {
    const { all, limit, before } = query;
    const listed = await listDeadLetters(ctx, { limit: limit ?? 20, before: before ?? null, all: all === "true" });
    return listed.ok ? ok({ letters: listed.value.letters.map(letterReply), next: listed.value.older }) : listed;
  },

  retryDeadLetter: async ({ ctx, params, announce }) => {
    const retried = await retryDeadLetter(ctx, params.number);
    if (!retried.ok) return retried;
    announce(ctx.workspaceId, { dispatched: true });
    return ok({ letter: letterReply(retried.value) });
  },

  discardDeadLetter: async ({ ctx, params, body, announce }) => {
    const discarded = await discardDeadLetter(ctx, { number: params.number, reason: body.reason });
    if (!discarded.ok) return discarded;
    announce(ctx.workspaceId);
    return ok({ letter: letterReply(discarded.value) });
  },

  listTokens: async ({ ctx }) => {
    const listed = await listTokens(ctx);
    if (!listed.ok) return listed;
    const { tokens, now } = listed.value;
    return ok({ tokens: tokens.map((token) => tokenReply(token, now)) });
  },

  revokeToken: async ({ ctx, params, announce }) => {
    const revoked = await revokeToken(ctx, params.number);
    if (!revoked.ok) return revoked;
    announce(ctx.workspaceId);
    return ok({ token: tokenReply(revoked.value, nowOf(ctx)) });
  },

  listNeeds: async ({ ctx }) => {
    const listed = await listNeeds(ctx);
    if (!listed.ok) return listed;
    const { needs, onTheWay, waiting, down } = listed.value;
    return ok({
      needs: needs.map(needReply),
      onTheWay: onTheWay.map(({ commit, percent }) => ({ commit: apiCommit(commit), percent })),
      waiting: waiting.map(stepReply),
      down: down.map(({ target, state }) => ({ target, state })),
    });
  },
};

type Listed = ReplyOf<"listNeeds">["needs"][number];

const stepReply = ({ kind, commit, who }: Step): Listed => ({ kind, commit: apiCommit(commit), who, count: null });

const needReply = (need: Need): Listed => {
  switch (need.kind) {
    case "commit":
      return { kind: need.kind, commit: null, who: [], count: need.changes.length };
    case "letters":
      return { kind: need.kind, commit: null, who: [], count: need.count };
    default:
      return stepReply(need);
  }
};

/** Without its body: that is a message of ours, and may say more than its reader should know. */
const letterReply = (letter: DeadLetter): ReplyOf<"listDeadLetters">["letters"][number] => ({
  number: letter.number,
  state: letter.state,
  queue: letter.queue,
  cause: letter.cause,
  attempts: letter.attempts,
  retries: letter.retries,
  jobId: letter.jobId,
  traceId: letter.traceId,
  receivedAt: letter.receivedAt,
  failedAt: letter.failedAt,
  decidedBy: letter.decidedBy,
  decidedAt: letter.decidedAt,
  reason: letter.reason,
});

const tokenReply = (token: ApiToken, now: string): ReplyOf<"listTokens">["tokens"][number] => ({
  number: token.number,
  name: token.name,
  scopes: [...token.scopes],
  owner: token.userId,
  createdAt: token.createdAt,
  expiresAt: token.expiresAt,
  lastUsedAt: token.lastUsedAt,
  state: tokenState(token, now),
});
