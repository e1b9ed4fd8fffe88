/** What is refused in Slack, in the API and of webhooks: a line of the log each, and one more in the day's count. */
import { inTotal } from "../shared/domain/operations/counts.ts";
import { log } from "../shared/log.ts";
import type { Database } from "../shared/storage/database.ts";
import { type RefusalCount, addRefusals } from "../shared/storage/refusal-counts.ts";
import { writeQuietly } from "../shared/storage/write.ts";
import type { Counts } from "./operations/counts.ts";

export interface Refused {
  via: "slack" | "api" | "webhook";
  traceId: string | null;
  /** What was asked for, by a name of ours: never what somebody has typed. */
  operation: string;
  /** Why not: a code. */
  code: string;
  because?: string;
  /** As far as they are proved. */
  workspaceId: string | null;
  token: string | null;
}

export interface Refusals {
  record: (refused: Refused) => void;
  /** Writes what was counted meanwhile; null while there is nothing, or it is too early. Never rejects. */
  written: () => Promise<void> | null;
}

/** However many are refused, D1 is written this seldom by each instance of the Worker. */
const writeEveryMs = 10_000;

interface RefusalDeps {
  db: Database;
  nowMs: () => number;
  counts: Counts;
}

/** Counts in memory, so that a stranger's request costs D1 nothing: an instance that ends may lose seconds of it. */
export const createRefusals = ({ db, nowMs, counts: operations }: RefusalDeps): Refusals => {
  let counts = new Map<string, RefusalCount>();
  let writtenMs = Number.NEGATIVE_INFINITY;
  const add = (counted: RefusalCount): void => {
    const { count, ...of } = counted;
    const key = JSON.stringify(of);
    counts.set(key, { ...counted, count: count + (counts.get(key)?.count ?? 0) });
  };
  const write = async (): Promise<void> => {
    const taken = [...counts.values()];
    counts = new Map();
    try {
      await writeQuietly(db, [addRefusals(taken)]);
    } catch (error) {
      log("refusals.not_written", { error: String(error) });
      for (const each of taken) add(each);
    }
  };
  return {
    record: (refused) => {
      log("request.refused", { ...refused });
      const { workspaceId, via, operation, code } = refused;
      const day = new Date(nowMs()).toISOString().slice(0, 10);
      add({ day, workspaceId: workspaceId ?? "", via, operation, code, count: 1 });
      operations.add(inTotal("refused", `${via}/${code}`));
    },
    written: () => {
      if (counts.size === 0 || Math.abs(nowMs() - writtenMs) < writeEveryMs) return null;
      writtenMs = nowMs();
      return write();
    },
  };
};
