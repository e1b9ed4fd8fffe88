/** The rows of a backup as a file for `wrangler d1 execute --file`, which D1 runs whole or not at all. */
import { randomBytes } from "node:crypto";
import type { BackupRow } from "../../shared/backups/manifest.ts";

/** D1 takes 100 KB a statement. In characters, of which one may have four bytes. */
const maxStatementLength = 90_000;
const maxPieceLength = 20_000;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const literal = (value: BackupRow[string]): string => {
  if (value === null) return "NULL";
  if (typeof value === "object") return `X'${value.hex}'`;
  if (typeof value === "number") return String(value);
  // SQL ends a text at a NUL, which no literal can hold.
  return value.includes("\0")
    ? `CAST(X'${Buffer.from(value).toString("hex")}' AS TEXT)`
    : `'${value.replaceAll("'", "''")}'`;
};

/** In pieces that cut no character. */
const piecesOf = (value: string): string[] => {
  const characters = Array.from(value);
  return Array.from({ length: Math.ceil(characters.length / maxPieceLength) }, (_, at) =>
    characters.slice(at * maxPieceLength, (at + 1) * maxPieceLength).join(""),
  );
};

/** @param key the columns of the primary key; a value too long for a statement is put together piece by piece */
export const insertsOf = (table: string, key: readonly string[], row: BackupRow): string[] => {
  const columns = Object.keys(row).map(quoted).join(", ");
  const insert = (values: BackupRow): string =>
    `INSERT OR REPLACE INTO ${quoted(table)} (${columns}) VALUES (${Object.values(values).map(literal).join(", ")});`;
  if (Buffer.byteLength(insert(row)) <= maxStatementLength) return [insert(row)];
  const long = Object.entries(row).filter(
    (entry): entry is [string, string] =>
      typeof entry[1] === "string" && entry[1].length > 1000 && !key.includes(entry[0]),
  );
  if (key.length === 0 || long.length === 0) throw new Error(`A row of ${table} does not fit in a statement`);
  const where = key.map((column) => `${quoted(column)} = ${literal(row[column] ?? null)}`).join(" AND ");
  return [
    insert({ ...row, ...Object.fromEntries(long.map(([name]) => [name, ""])) }),
    ...long.flatMap(([name, value]) =>
      piecesOf(value).map(
        (piece) => `UPDATE ${quoted(table)} SET ${quoted(name)} = ${quoted(name)} || ${literal(piece)} WHERE ${where};`,
      ),
    ),
  ];
};

/**
 * Secrets are in no backup, and what is encrypted needs keys that the new production has not: receivers of webhooks are
 * given new ones, which cron encrypts. A secret before that one has no overlap.
 */
export const withNewSecrets = (table: string, row: BackupRow): BackupRow =>
  table === "webhook_endpoints"
    ? {
        ...row,
        secret: `whsec_${randomBytes(32).toString("base64")}`,
        sealed_secret: null,
        key_version: null,
        old_secret: null,
        sealed_old_secret: null,
        old_key_version: null,
        old_secret_until: null,
      }
    : row;

export interface Schema {
  /** The columns of the primary key, by table. */
  keys: Record<string, string[]>;
  triggers: { name: string; sql: string }[];
}

/** Before the rows: triggers refuse and repeat what was done long ago. */
export const openingOf = ({ keys, triggers }: Schema): string[] => [
  ...triggers.map(({ name }) => `DROP TRIGGER ${quoted(name)};`),
  ...Object.keys(keys).map((table) => `DELETE FROM ${quoted(table)};`),
];

/** After them. */
export const closingOf = ({ triggers }: Schema, backup: string, now: string): string[] => [
  ...triggers.map(({ sql }) => `${sql.replace(/;\s*$/, "")};`),
  `INSERT OR REPLACE INTO restores (backup, restored_at) VALUES (${literal(backup)}, ${literal(now)});`,
];

/**
 * What a restored database does not know of what stands beside it. The new production has other keys and secrets: what
 * was taken from TARGET_CREDENTIALS is taken again. A new index has no vector: all rows are handed to it, 50 a task.
 */
export const followUps: Record<string, (backup: string, now: string) => string[]> = {
  bot: () => [
    `UPDATE targets SET sealed_credentials = NULL, key_version = NULL, imported_digest = NULL
      WHERE imported_digest IS NOT NULL;`,
  ],
  "ai-agent": (backup, now) => [
    "UPDATE vectors SET submitted_version = NULL, submitted_at_ms = NULL, indexed_version = NULL, content_hash = NULL;",
    `INSERT INTO index_tasks (task_id, portfolio_id, job_id, rows, due_at_ms, created_at)
      SELECT lower(hex(randomblob(16))), portfolio_id, ${literal(`reindex:restore-${backup}-${now}`)},
        json_group_array(json_object('entityType', entity_type, 'id', id)), 0, ${literal(now)}
      FROM (SELECT *, (row_number() OVER (PARTITION BY portfolio_id ORDER BY entity_type, id) - 1) / 50 AS task
        FROM vectors WHERE desired_version IS NOT NULL) GROUP BY portfolio_id, task;`,
  ],
};
