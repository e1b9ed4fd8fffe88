/** What is stored of a person: given to them, or erased, when they ask an admin for it. */
import { type Result, fail, ok } from "../../result.ts";
import { read } from "../../storage/database.ts";
import { discardStaged, stagedQuery } from "../../storage/staging/changes.ts";
import { writeQuietly } from "../../storage/write.ts";
import {
  type PersonalRows,
  deleteAddressesOf,
  erasePerson,
  personalRowsQueries,
} from "../../storage/workspace/personal-data.ts";
import { type UseCaseContext, atNow, nowOf } from "../context.ts";
import { type Refused, type WriteRefusal, commitBatch, openSession, permit, repeatable } from "../session.ts";
import { removePerson } from "./remove-person.ts";

export interface PersonExport {
  userId: string;
  exportedAt: string;
  /** By table, without secrets. */
  tables: PersonalRows[];
  /** False where a table has more rows than are listed. */
  isWhole: boolean;
}

const maxRows = 5000;

export const exportPerson = async (ctx: UseCaseContext, userId: string): Promise<Result<PersonExport, Refused>> => {
  const [session] = await openSession(ctx);
  const allowed = permit(session, "roles");
  if (!allowed.ok) return allowed;
  const found = await read(ctx.db, ...personalRowsQueries(ctx.workspaceId, userId, maxRows));
  return ok({
    userId,
    exportedAt: nowOf(ctx),
    tables: found.filter(({ rows }) => rows.length > 0),
    isWhole: found.every(({ rows }) => rows.length < maxRows),
  });
};

export interface PersonErased {
  /** What the history has in place of their id. */
  pseudonym: string;
}

export type EraseReason = WriteRefusal<"last_admin">;

/**
 * What they have staged is discarded, and their access ends as when they leave Slack. Then nothing names them any more;
 * the history stays readable.
 */
export const eraseDataOf = repeatable(
  async (ctx: UseCaseContext, userId: string): Promise<Result<PersonErased, EraseReason>> => {
    const [session, staged] = await openSession(ctx, stagedQuery(ctx.workspaceId));
    const allowed = permit(session, "roles");
    if (!allowed.ok) return allowed;
    const admins = session.members.filter(({ role }) => role === "admin").map((member) => member.userId);
    if (userId === ctx.actor.id || (admins.length === 1 && admins[0] === userId))
      return fail({ code: "last_admin", userId });
    await writeQuietly(ctx.db, [deleteAddressesOf(ctx.workspaceId, userId)]);
    const left = await removePerson({ ...ctx, idempotencyKey: null }, userId);
    if (!left.ok) return fail({ code: "conflict" });
    const pseudonym = `UERASED${ctx.newId().slice(-10).toUpperCase()}`;
    return commitBatch<PersonErased>(
      ctx,
      { pseudonym },
      [
        discardStaged(
          atNow(ctx),
          staged.filter(({ createdBy }) => createdBy === userId).map(({ id }) => id),
        ),
        ...erasePerson(atNow(ctx), userId, pseudonym, ctx.actor.id),
      ],
      { type: "member.erased", data: { userId: pseudonym } },
    );
  },
);
