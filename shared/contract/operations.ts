/** Every operation of the API, by the name that the OpenAPI document and the client give it. */
import type * as z from "zod/mini";
import * as administration from "./operations/administration.ts";
import * as commits from "./operations/commits.ts";
import * as portfolio from "./operations/portfolio.ts";
import * as pushes from "./operations/pushes.ts";
import * as staging from "./operations/staging.ts";
import * as webhooks from "./operations/webhooks.ts";
import * as workspace from "./operations/workspace.ts";

/** In the order in which they are used. */
export const operations = {
  stageChange: staging.stageChange,
  listStaged: staging.listStaged,
  editStaged: staging.editStaged,
  unstage: staging.unstage,
  createCommit: staging.createCommit,
  listCommits: commits.listCommits,
  showCommit: commits.showCommit,
  reopenCommit: commits.reopenCommit,
  dropCommit: commits.dropCommit,
  requestReview: commits.requestReview,
  approveCommit: commits.approveCommit,
  rejectCommit: commits.rejectCommit,
  explainPush: commits.explainPush,
  startPush: pushes.startPush,
  showPush: pushes.showPush,
  retryPush: pushes.retryPush,
  cancelPush: pushes.cancelPush,
  pushTimeline: pushes.pushTimeline,
  showJob: pushes.showJob,
  jobStatusOf: pushes.jobStatusOf,
  jobEvents: pushes.jobEvents,
  listEvents: pushes.listEvents,
  recentEvents: pushes.recentEvents,
  search: portfolio.search,
  listRows: portfolio.listRows,
  verify: portfolio.verify,
  reindex: portfolio.reindex,
  describeEntities: portfolio.describeEntities,
  whoAmI: workspace.whoAmI,
  listWorkspaces: workspace.listWorkspaces,
  listActionItems: workspace.listActionItems,
  listPeople: workspace.listPeople,
  showSettings: workspace.showSettings,
  setSettings: workspace.setSettings,
  listRoles: workspace.listRoles,
  setRole: workspace.setRole,
  listTokens: administration.listTokens,
  revokeToken: administration.revokeToken,
  listDeadLetters: administration.listDeadLetters,
  retryDeadLetter: administration.retryDeadLetter,
  discardDeadLetter: administration.discardDeadLetter,
  listWebhooks: webhooks.listWebhooks,
  createWebhook: webhooks.createWebhook,
  webhookStatuses: webhooks.webhookStatuses,
  showWebhook: webhooks.showWebhook,
  updateWebhook: webhooks.updateWebhook,
  deleteWebhook: webhooks.deleteWebhook,
  enableWebhook: webhooks.enableWebhook,
  disableWebhook: webhooks.disableWebhook,
  rotateWebhookSecret: webhooks.rotateWebhookSecret,
  testWebhook: webhooks.testWebhook,
  listDeliveries: webhooks.listDeliveries,
  replayDeliveries: webhooks.replayDeliveries,
  showDelivery: webhooks.showDelivery,
  replayDelivery: webhooks.replayDelivery,
};

export type Operations = typeof operations;
export type OperationId = keyof Operations;

type Part<O, Name extends string> = O extends { [K in Name]: infer S extends z.ZodMiniType } ? S : null;
type Output<S> = S extends z.ZodMiniType ? z.output<S> : null;

/** What the server's handler gets: each part checked, null where the operation has none. */
export interface Request<Id extends OperationId> {
  params: Output<Part<Operations[Id], "params">>;
  query: Output<Part<Operations[Id], "query">>;
  body: Output<Part<Operations[Id], "body">>;
}

export type ReplyOf<Id extends OperationId> = z.output<Operations[Id]["reply"]>;
