import type { FieldValues } from "../../domain/portfolio/entity.ts";
import { type EntityType, entityOf } from "../../domain/portfolio/registry.ts";
import { type Result, fail, ok } from "../../result.ts";
import type { UnreadableTargetRow } from "../../targets/client.ts";
import type { UseCaseContext } from "../context.ts";
import { type ReadRefusal, openSession, permit } from "../session.ts";

export interface ListedRow {
  id: string;
  name: string;
  values: FieldValues;
}

export interface ListedRows {
  /** The target that shows them so. */
  target: string;
  /** By name. */
  rows: ListedRow[];
  /** Rows of the target that are not of the protocol. */
  unreadable: UnreadableTargetRow[];
}

export type ListRowsReason = ReadRefusal<"rows_unavailable">;

/** The portfolio's rows of a type, from the first target (in order of application) that answers within 1.5 s. */
export const listRows = async (
  ctx: UseCaseContext,
  entityType: EntityType,
): Promise<Result<ListedRows, ListRowsReason>> => {
  const [session] = await openSession(ctx);
  const allowed = permit(session, "read");
  if (!allowed.ok) return allowed;
  const answers = await Promise.all(
    session.targets.map(async (target) => ({
      target: target.name,
      answer: await ctx.targets(target, ctx.traceId).rows(entityType),
    })),
  );
  for (const { target, answer } of answers) {
    if (!answer.ok) continue;
    const { displayName } = entityOf(entityType);
    const { rows, unreadable } = answer.value;
    const named = rows.map(({ id, values }) => ({ id, name: displayName(values) || id, values }));
    return ok({ target, rows: named.toSorted((a, b) => a.name.localeCompare(b.name)), unreadable });
  }
  return fail({
    code: "rows_unavailable",
    unanswered: answers.flatMap(({ target, answer }) =>
      answer.ok ? [] : [{ target, message: answer.reason.message }],
    ),
  });
};
