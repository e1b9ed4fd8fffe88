/** What is counted at the edge, where no row of D1 says it: in memory, and written to D1 every ten seconds. */
import { type Counted, addedUp } from "../../shared/domain/operations/counts.ts";
import { log } from "../../shared/log.ts";
import type { Database } from "../../shared/storage/database.ts";
import { addCounts } from "../../shared/storage/operations/counts.ts";
import { writeQuietly } from "../../shared/storage/write.ts";

export interface Counts {
  add: (counted: Counted) => void;
  /** Writes what was counted meanwhile; null while there is nothing, or it is too early. Never rejects. */
  written: () => Promise<void> | null;
}

/** Cloudflare's Analytics Engine; absent in tests. */
export type Points = Pick<AnalyticsEngineDataset, "writeDataPoint">;

const writeEveryMs = 10_000;

export const createCounts = (deps: { db: Database; nowMs: () => number; points: Points | null }): Counts => {
  let counts: (Counted & { day: string })[] = [];
  let writtenMs = Number.NEGATIVE_INFINITY;
  const write = async (): Promise<void> => {
    const taken = counts;
    counts = [];
    try {
      const days = Map.groupBy(taken, ({ day }) => day);
      const sums = [...days].flatMap(([day, own]) => addedUp(own).map((counted) => ({ ...counted, day })));
      await writeQuietly(deps.db, [addCounts(sums)]);
    } catch (error) {
      log("counts.not_written", { error: String(error) });
      counts.push(...taken);
    }
  };
  return {
    add: (counted) => {
      const { name, label, count, sum } = counted;
      counts.push({ ...counted, day: new Date(deps.nowMs()).toISOString().slice(0, 10) });
      deps.points?.writeDataPoint({ indexes: [name], blobs: [label], doubles: [count, sum] });
    },
    written: () => {
      if (counts.length === 0 || Math.abs(deps.nowMs() - writtenMs) < writeEveryMs) return null;
      writtenMs = deps.nowMs();
      return write();
    },
  };
};
