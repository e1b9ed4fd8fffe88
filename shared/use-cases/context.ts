import type { Actor } from "../domain/workspace/actor.ts";
import type { Effects } from "../effects.ts";
import type { HistoryBucket } from "../history/archive-object.ts";
import type { Database } from "../storage/database.ts";
import type { Databases } from "../storage/databases.ts";
import type { At } from "../storage/sql.ts";
import type { ConfiguredTarget } from "../storage/pushes/targets.ts";
import type { AddressPolicy } from "../targets/address.ts";
import type { CredentialSource } from "../targets/credential-source.ts";
import type { TargetDirectory } from "../targets/directory.ts";

/** What every use case gets from outside: nothing in shared/ reads a clock, a random number or a binding by itself. */
export interface UseCaseContext {
  /** Of the workspace. */
  db: Database;
  /** Where old events are; null where no bucket is bound, and all are in `db`. */
  history: HistoryBucket | null;
  databases: Databases;
  /** What has to happen after what the use case writes: whoever made the context carries it out. */
  effects: Effects;
  workspaceId: string;
  actor: Actor;
  /** Milliseconds since the epoch. */
  nowMs: () => number;
  /** A unique, url-safe text of 20 characters or more. */
  newId: () => string;
  /** From 0 up to 1. */
  random: () => number;
  targets: TargetDirectory;
  /** Where webhooks may be sent. */
  webhookAddresses: AddressPolicy;
  /** Where targets may be called over the network. */
  targetAddresses: AddressPolicy;
  credentials: CredentialSource;
  /** Targets of the operator's, which any workspace may have under a portfolio of its own. */
  services: readonly Pick<ConfiguredTarget, "name" | "binding" | "url">[];
  /** 32 hex digits that follow the request through rows, messages, headers and logs. */
  traceId: string;
  /** Identity of the request that a repeat shares; null for reads and for the system's own work. */
  idempotencyKey: string | null;
  timeouts: Timeouts;
  /** How a workspace that appears for the first time is set up. */
  bootstrap: { admin: string | null; targets: ConfiguredTarget[] };
}

export interface Timeouts {
  /** After this long a job that no consumer has reported on is put on the queue again. */
  dispatchMs: number;
  /** After this long without completion the outcome of an accepted job counts as unknown. */
  completionMs: number;
  /** How often an unknown outcome is asked for. */
  askMs: number;
}

/** The same request in another workspace. */
export const inWorkspace = <Ctx extends Pick<UseCaseContext, "databases">>(ctx: Ctx, workspaceId: string) => ({
  ...ctx,
  workspaceId,
  db: ctx.databases.of(workspaceId),
});

/** Now as ISO 8601 text in UTC, as rows hold it. */
export const nowOf = (ctx: Pick<UseCaseContext, "nowMs">): string => new Date(ctx.nowMs()).toISOString();

export const inMs = (ctx: Pick<UseCaseContext, "nowMs">, delayMs: number): string =>
  new Date(ctx.nowMs() + delayMs).toISOString();

/** For the statements of a batch that is written now, in the workspace of the request unless another is given. */
export const atNow = (ctx: Pick<UseCaseContext, "workspaceId" | "nowMs">): At => ({
  workspaceId: ctx.workspaceId,
  now: nowOf(ctx),
});
