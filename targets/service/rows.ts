import type { FieldValues } from "../../shared/domain/portfolio/entity.ts";
import { entityTypes, type EntityType } from "../../shared/domain/portfolio/registry.ts";
import { columnsOf, fromColumns } from "./columns.ts";

export interface Row {
  id: string;
  version: number;
  values: FieldValues;
  deletedAt: string | null;
}

export type Deletes = "soft" | "hard";

interface RowFilter {
  /** Only these ids; null means all. */
  ids: string[] | null;
  withDeleted: boolean;
}

/** Reads rows of one entity, by id. */
const selectRows = (
  db: D1Database,
  deletes: Deletes,
  portfolioId: string,
  entityType: EntityType,
  filter: RowFilter,
): D1PreparedStatement => {
  const deletedAt = deletes === "soft" ? "deleted_at" : "NULL AS deleted_at";
  const live = deletes === "soft" && !filter.withDeleted ? "AND deleted_at IS NULL" : "";
  const stored = ["id", "version", ...columnsOf(entityType)].map((column) => `stored.${column}`).join(", ");
  const select = `SELECT ${stored}, ${deletedAt}`;
  const where = `stored.portfolio_id = ?1 ${live}`;
  if (!filter.ids)
    return db.prepare(`${select} FROM ${entityType} AS stored WHERE ${where} ORDER BY stored.id`).bind(portfolioId);
  // Each id looks its row up: as a list of IN, it would be read once more.
  return db
    .prepare(
      `${select} FROM json_each(?2) AS named CROSS JOIN ${entityType} AS stored ON stored.id = named.value
       WHERE ${where}`,
    )
    .bind(portfolioId, JSON.stringify([...new Set(filter.ids)].toSorted()));
};

/** A row of one entity, from the columns of `selectRows`. */
export const parseRow = (entityType: EntityType, row: Record<string, unknown>): Row => ({
  id: String(row["id"]),
  version: Number(row["version"]),
  values: fromColumns(entityType, row),
  deletedAt: typeof row["deleted_at"] === "string" ? row["deleted_at"] : null,
});

export const readRows = async (
  db: D1Database,
  deletes: Deletes,
  portfolioId: string,
  entityType: EntityType,
  filter: RowFilter,
): Promise<Row[]> => {
  const { results } = await selectRows(db, deletes, portfolioId, entityType, filter).all();
  return results.map((row) => parseRow(entityType, row));
};

/** A row of any entity, by name. */
export interface RowName {
  entityType: EntityType;
  id: string;
}

type NamedRow = Row & RowName;

/** Reads rows of several entities in one transaction. */
const readTypes = async (
  db: D1Database,
  deletes: Deletes,
  portfolioId: string,
  types: readonly EntityType[],
  filterOf: (type: EntityType) => RowFilter,
): Promise<NamedRow[]> => {
  if (types.length === 0) return [];
  const answers = await db.batch<Record<string, unknown>>(
    types.map((type) => selectRows(db, deletes, portfolioId, type, filterOf(type))),
  );
  return types.flatMap((entityType, index) =>
    (answers[index]?.results ?? []).map((row) => ({ entityType, ...parseRow(entityType, row) })),
  );
};

export interface NamedRows {
  statements: D1PreparedStatement[];
  /** By `rowKey`, from the results of the statements, in their order. */
  rowsIn: (results: readonly D1Result<Record<string, unknown>>[]) => Map<string, NamedRow>;
}

/** Reads the named rows, including kept deleted ones, in a batch with others. */
export const namedRows = (
  db: D1Database,
  deletes: Deletes,
  portfolioId: string,
  names: readonly RowName[],
): NamedRows => {
  const idsOf = (type: EntityType): string[] =>
    names.filter(({ entityType }) => entityType === type).map(({ id }) => id);
  const types = entityTypes.filter((type) => idsOf(type).length > 0);
  return {
    statements: types.map((type) =>
      selectRows(db, deletes, portfolioId, type, { ids: idsOf(type), withDeleted: true }),
    ),
    rowsIn: (results) => {
      const rows = types.flatMap((entityType, index) =>
        (results[index]?.results ?? []).map((row) => ({ entityType, ...parseRow(entityType, row) })),
      );
      return new Map(rows.map((row) => [rowKey(row), row]));
    },
  };
};

/** The same alone. */
export const readNamedRows = async (
  db: D1Database,
  deletes: Deletes,
  portfolioId: string,
  names: readonly RowName[],
): Promise<Map<string, NamedRow>> => {
  const { statements, rowsIn } = namedRows(db, deletes, portfolioId, names);
  return rowsIn(statements.length === 0 ? [] : await db.batch<Record<string, unknown>>(statements));
};

/** All live rows of a portfolio. */
export const readLiveRows = (db: D1Database, deletes: Deletes, portfolioId: string): Promise<NamedRow[]> =>
  readTypes(db, deletes, portfolioId, entityTypes, () => ({ ids: null, withDeleted: false }));

export const rowKey = ({ entityType, id }: RowName): string => `${entityType}/${id}`;

/** Scalar SQL: the number of live rows of portfolio `?1`, as triggers keep it. */
export const liveCountSql = "coalesce((SELECT row_count FROM row_counts WHERE portfolio_id = ?1), 0)";
