/** What the listeners make of a Slack request before a command, a button or a form gets it. */
import type { App } from "@slack/bolt";
import type { Actor } from "../../../shared/domain/workspace/actor.ts";
import type { Effects } from "../../../shared/effects.ts";
import { log } from "../../../shared/log.ts";
import type { UseCaseContext } from "../../../shared/use-cases/context.ts";
import type { RequestContext } from "./request-context.ts";
import type { Deps } from "../../env.ts";
import { examine } from "./examine.ts";
import { recordDeclined } from "./declined.ts";
import type { PrivateMessage } from "./reply.ts";

export interface WorkerContext extends Record<string, unknown> {
  deps: Deps;
  workspaceId: string;
  /** Carried out when the request has been processed. */
  effects: Effects;
  waitUntil: (work: Promise<unknown>) => void;
  traceId: string;
  /** What a repeat of the same request has as well; null for what may be done twice. */
  key: string | null;
  placeholder: Placeholder;
  /** Says something to the person alone, by whichever way is open. Throws where Slack may take it later. */
  notify: (message: PrivateMessage) => Promise<void>;
}

/** The modal that stands open for a request: once its trigger is spent, whatever is to be shown is shown there. */
export interface Placeholder {
  viewId: string | null;
}

export type SlackApp = App<WorkerContext>;

/** Under which D1 knows the request. */
export const idempotencyKeyOf = (key: string): string => `slack:${key}`;

export const useCaseContextOf = (
  { deps, workspaceId, traceId, effects }: WorkerContext,
  actor: Actor,
  key: string | null,
): UseCaseContext => {
  const idempotencyKey = key === null ? null : idempotencyKeyOf(key);
  return deps.useCaseContext({ workspaceId, actor, idempotencyKey, traceId, effects });
};

/** @param key null where what the request does may be done twice */
export const contextOf = (context: WorkerContext, userId: string, key: string | null): RequestContext => {
  const ctx = useCaseContextOf(context, { kind: "slack", id: userId }, key);
  log("slack.request", { traceId: ctx.traceId, workspaceId: ctx.workspaceId });
  return {
    ...ctx,
    examine: () => examine(context.deps, context.workspaceId),
    askRows: context.deps.rowCache.asker(ctx, context.waitUntil),
    declined: (operation, answer) => recordDeclined(context, ctx, operation, answer),
  };
};
