/** Rows of both targets, reloaded after each message, and which of them changed by that. */
import { useCallback, useEffect, useRef, useState } from "react";
import { entityTypes, type EntityType } from "../../../../shared/domain/portfolio/registry.ts";
import type { PortfolioRows } from "../../client-protocol.ts";
import type { Client } from "../session/client.ts";
import { useSession } from "../session/session-context.ts";

export const targets = [
  { name: "d1cv", title: "D1CV API", purpose: "What the site shows. Deletes are soft." },
  { name: "ai-agent", title: "AI agent", purpose: "What semantic search knows. Deletes are final." },
] as const;
export type TargetName = (typeof targets)[number]["name"];

export type Row = PortfolioRows["rows"][number];
export type Table = { rows: Row[]; changed: ReadonlySet<string> } | { error: string };
export type Tables = Record<string, Table>;

export const tableKey = (target: TargetName, type: EntityType): string => `${target}/${type}`;

/** Several messages of one push arrive within this time; they are worth one reload. */
const reloadPauseMs = 500;

const rowState = (row: Row): string => `${row.version} ${row.deletedAt ?? ""}`;

/** Ids of rows that are new or different. Nothing counts as changed on the first load. */
export const changedRows = (before: Table | undefined, rows: readonly Row[]): Set<string> => {
  if (!before || "error" in before) return new Set();
  const known = new Map(before.rows.map((row) => [row.id, rowState(row)]));
  return new Set(rows.filter((row) => known.get(row.id) !== rowState(row)).map((row) => row.id));
};

const loadTables = async (client: Client, before: Tables): Promise<Tables> => {
  const keys = targets.flatMap(({ name }) => entityTypes.map((type) => ({ name, type })));
  const loaded = await Promise.all(
    keys.map(async ({ name, type }): Promise<[string, Table]> => {
      const key = tableKey(name, type);
      const result = await client.portfolio(name, type);
      return [
        key,
        result.ok
          ? { rows: result.value.rows, changed: changedRows(before[key], result.value.rows) }
          : { error: result.reason.message },
      ];
    }),
  );
  return Object.fromEntries(loaded);
};

export interface PortfolioData {
  tables: Tables;
  loading: boolean;
  /** Counts loads, for what must be asked again with them. */
  loads: number;
  reload: () => void;
}

export const usePortfolio = (): PortfolioData => {
  const { client, state } = useSession();
  const [tables, setTables] = useState<Tables>({});
  const [loading, setLoading] = useState(true);
  const [loads, setLoads] = useState(0);
  const latest = useRef<Tables>({});
  const reload = useCallback(() => {
    setLoading(true);
    void loadTables(client, latest.current).then((loaded) => {
      latest.current = loaded;
      setTables(loaded);
      setLoading(false);
      setLoads((before) => before + 1);
    });
  }, [client]);
  useEffect(reload, [reload]);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    const timer = setTimeout(reload, reloadPauseMs);
    return () => clearTimeout(timer);
  }, [state.sequence, reload]);
  return { tables, loading, loads, reload };
};
