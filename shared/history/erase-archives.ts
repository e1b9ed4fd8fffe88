/** Archives follow an erasure: what was read in them already had the pseudonym, and now the objects have it, too. */
import { type Archive, erasedIn, names, numbersOf } from "../domain/events/archive.ts";
import { log } from "../log.ts";
import { read } from "../storage/database.ts";
import {
  type FollowingErasure,
  archivesQuery,
  erasureFollowed,
  followingErasuresQuery,
  replaceArchive,
} from "../storage/events/archives.ts";
import { writeQuietly } from "../storage/write.ts";
import type { ArchiveContext } from "./archive-events.ts";
import { archiveKey, readArchive, writeArchive } from "./archive-object.ts";

/** @returns whether it has followed; false where somebody else writes it, and throws where it cannot be read */
const eraseIn = async (ctx: ArchiveContext, erasure: FollowingErasure, archive: Archive): Promise<boolean> => {
  const { db, history } = ctx;
  const { workspaceId } = erasure;
  const { position } = archive;
  const found = await readArchive(history, workspaceId, archive);
  if (typeof found === "string") throw new Error(`${archiveKey(workspaceId, position)} is ${found}`);
  const { events, sha256, bytes, etag } = found;
  let next = { sha256, bytes };
  if (events.some((event) => names(event, erasure.userId))) {
    const erased = events.map((event) => erasedIn(event, erasure));
    const written = await writeArchive(history, { workspaceId, position, events: erased }, { etag, archive: found });
    if (written === null) return false;
    next = written;
  }
  if (next.sha256 === archive.sha256) return true;
  const { written } = await writeQuietly(db, replaceArchive(workspaceId, archive, next));
  return written;
};

/** Has at most `max` archives follow; the next run goes on where this one ends. @returns how many have followed */
export const eraseArchives = async (ctx: ArchiveContext, max: number): Promise<number> => {
  const { db } = ctx;
  let followed = 0;
  const [erasures] = await read(db, followingErasuresQuery(max));
  for (const erasure of erasures) {
    const { workspaceId, pseudonym, position } = erasure;
    const { from } = numbersOf(position);
    const limit = max - followed;
    if (limit <= 0) break;
    try {
      const range = { from, below: Number.MAX_SAFE_INTEGER };
      const [archives] = await read(db, archivesQuery(workspaceId, range, "oldest", limit));
      let next = position;
      for (const archive of archives) {
        if (!(await eraseIn(ctx, erasure, archive))) break;
        followed += 1;
        next = archive.position + 1;
        await writeQuietly(db, [erasureFollowed(workspaceId, pseudonym, next)]);
      }
      const isWhole = archives.length < limit && next === (archives.at(-1)?.position ?? position - 1) + 1;
      if (isWhole) await writeQuietly(db, [erasureFollowed(workspaceId, pseudonym, null)]);
    } catch (error) {
      // The archive that cannot be read is put back by an operator; until then readers follow the erasure.
      log("history.not_erased", { workspaceId, error: String(error) });
    }
  }
  return followed;
};
