/**
 * A real push that shows nobody anything: in a workspace of its own, to which no Slack belongs, of a portfolio of its
 * own at the real targets. Who deploys sees by it that the queues, the targets and their webhooks work.
 */
import { smokePortfolio, smokeWorkspace } from "../../domain/operations/smoke.ts";
import type { Actor } from "../../domain/workspace/actor.ts";
import { type Result, fail, ok } from "../../result.ts";
import { read } from "../../storage/database.ts";
import { setDisconnected, workspaceQuery } from "../../storage/workspace/workspaces.ts";
import { writeQuietly } from "../../storage/write.ts";
import { createCommit } from "../commits/create-commit.ts";
import { type UseCaseContext, atNow, nowOf } from "../context.ts";
import { startPush } from "../pushes/start-push.ts";
import { approveCommit } from "../reviews/decide-commit.ts";
import { type StageInput, stageChange } from "../staging/stage-change.ts";
import { setSettings } from "../workspace/set-settings.ts";

const actor: Actor = { kind: "access", id: "smoke-test" };
const row = "Smoke test";

/** The context of the smoke workspace, with the targets of the production's own workspace. */
export const inSmokeWorkspace = (
  ctx: UseCaseContext,
  targets: Readonly<UseCaseContext["bootstrap"]["targets"]>,
): UseCaseContext => ({
  ...ctx,
  workspaceId: smokeWorkspace,
  actor,
  idempotencyKey: null,
  bootstrap: {
    admin: actor.id,
    targets: targets.map((target) => ({
      ...target,
      portfolioId: smokePortfolio,
      credentials: `${smokeWorkspace}/${target.name}`,
    })),
  },
});

export interface SmokeFailure {
  step: "settings" | "stage" | "commit" | "approve" | "push";
  code: string;
}

const stageInput = (ctx: UseCaseContext): StageInput => ({
  action: "UPDATE",
  entityType: "technology",
  row,
  // Another value each time, so that there is something to push.
  values: { summary: `Pushed by a smoke test at ${nowOf(ctx)}` },
  targets: [],
  note: null,
  source: null,
});

/** The row is made by the first push, and changed by each later one. */
const stage = async (ctx: UseCaseContext): Promise<Result<null, { code: string }>> => {
  const input = stageInput(ctx);
  const updated = await stageChange(ctx, input);
  if (updated.ok) return ok(null);
  if (updated.reason.code !== "row_not_found") return updated;
  const values = { ...input.values, name: row, category: "Tools" };
  const created = await stageChange(ctx, { ...input, action: "CREATE", row: null, values });
  return created.ok ? ok(null) : created;
};

/** @returns the number of the push, in the smoke workspace */
export const startSmokePush = async (ctx: UseCaseContext): Promise<Result<number, SmokeFailure>> => {
  const solo = await setSettings(ctx, { mode: "solo" });
  if (!solo.ok) return fail({ step: "settings", code: solo.reason.code });
  const [workspace] = await read(ctx.db, workspaceQuery(smokeWorkspace));
  // Its cards are written nowhere.
  if (workspace?.disconnectedAt === null) await writeQuietly(ctx.db, [setDisconnected(atNow(ctx))]);

  const staged = await stage(ctx);
  if (!staged.ok) return fail({ step: "stage", code: staged.reason.code });
  const message = `Smoke test at ${nowOf(ctx)}`;
  const committed = await createCommit(ctx, { message, draft: false, channelId: null, only: null });
  if (!committed.ok) return fail({ step: "commit", code: committed.reason.code });
  const { number } = committed.value.commit;
  const approved = await approveCommit(ctx, { number, seenHash: null });
  if (!approved.ok) return fail({ step: "approve", code: approved.reason.code });
  const pushed = await startPush(ctx, { number, scope: "all", channelId: null });
  return pushed.ok ? ok(pushed.value.pushNumber) : fail({ step: "push", code: pushed.reason.code });
};
