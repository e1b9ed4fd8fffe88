/** What is stored of a person: given to them, or erased, when they ask an admin for it. */
import { type StoredEvent, names } from "../../domain/events/archive.ts";
import { archivesOf } from "../../history/read-history.ts";
import { type Result, fail, ok } from "../../result.ts";
import { read } from "../../storage/database.ts";
import { discardStaged, stagedQuery } from "../../storage/staging/changes.ts";
import { writeQuietly } from "../../storage/write.ts";
import {
  type PersonalRows,
  deleteAddressesOf,
  eraseInstaller,
  erasePerson,
  installerQuery,
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
/** Of R2, the newest first: a request may ask for so many things. */
const maxArchives = 200;

/** Their events in R2, oldest first. */
const archivedRows = async (
  ctx: UseCaseContext,
  userId: string,
  limit: number,
): Promise<{ rows: StoredEvent[]; isWhole: boolean }> => {
  const rows: StoredEvent[] = [];
  let isWhole = true;
  let archives = 0;
  for await (const found of archivesOf(ctx, { from: 0, below: Number.MAX_SAFE_INTEGER }, "newest")) {
    archives += 1;
    if (archives > maxArchives || rows.length >= limit) return { rows: rows.slice(-limit), isWhole: false };
    if ("lost" in found) isWhole = false;
    else rows.unshift(...found.rows.filter((row) => names(row, userId)));
  }
  return { rows, isWhole };
};

/** The log's rows of both places: some stay in D1 that R2 has as well. */
const withArchived = (tables: readonly PersonalRows[], archived: readonly StoredEvent[], workspaceId: string) => {
  const own = new Set(archived.map(({ number }) => number));
  return tables.map(({ name, rows }) =>
    name === "job_events"
      ? {
          name,
          rows: [
            ...archived.map((row) => ({ workspace_id: workspaceId, ...row })),
            ...rows.filter((row) => !own.has(Number(row["number"]))),
          ],
        }
      : { name, rows },
  );
};

export const exportPerson = async (ctx: UseCaseContext, userId: string): Promise<Result<PersonExport, Refused>> => {
  const [session] = await openSession(ctx);
  const allowed = permit(session, "roles");
  if (!allowed.ok) return allowed;
  const asked = { workspaceId: ctx.workspaceId, userId, limit: maxRows };
  const [own, ofInstallation] = await Promise.all([
    read(ctx.db, ...personalRowsQueries(asked)),
    read(ctx.databases.first, installerQuery(asked)),
  ]);
  const archived = await archivedRows(ctx, userId, maxRows);
  const inD1 = [...own, ...ofInstallation];
  const found = withArchived(inD1, archived.rows, ctx.workspaceId);
  return ok({
    userId,
    exportedAt: nowOf(ctx),
    tables: found.filter(({ rows }) => rows.length > 0),
    isWhole: archived.isWhole && inD1.every(({ rows }) => rows.length < maxRows),
  });
};

export interface PersonErased {
  /** What the history has in place of their id. */
  pseudonym: string;
}

export type EraseReason = WriteRefusal<"last_admin" | "own_erasure">;

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
    if (admins.length === 1 && admins[0] === userId) return fail({ code: "last_admin", userId });
    if (userId === ctx.actor.id) return fail({ code: "own_erasure" });
    await writeQuietly(ctx.db, [deleteAddressesOf(ctx.workspaceId, userId)]);
    const left = await removePerson({ ...ctx, idempotencyKey: null }, userId);
    if (!left.ok) return fail({ code: "conflict" });
    const pseudonym = `UERASED${ctx.newId().slice(-10).toUpperCase()}`;
    await writeQuietly(ctx.databases.first, [eraseInstaller(ctx.workspaceId, userId, pseudonym)]);
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
