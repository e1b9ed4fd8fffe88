/** The initial rows, and changes from outside CV Ops. */
import type { D1Statement, SimulatedD1 } from "../platform/d1.ts";
import { createEncryption } from "../../../shared/encryption.ts";
import { workspaces, targetNames } from "./workspaces.ts";

/** ENCRYPTION_KEYS at first. */
export const firstKey = { current: "1", keys: { 1: btoa("simulated key".padEnd(32, ".")) } };

/** Rows that both targets have from the start. */
export const seededRows = ["python-1", "jquery-1", "rust-1", "go-1", "php-1", "sql-1", "c++", "名前/1 x", "a,b"];

type Write = Pick<D1Statement, "sql" | "values">;

const write = (sql: string, ...values: D1Statement["values"]): Write => ({ sql, values });

export const seedStaging = (db: SimulatedD1, now: string): void => {
  const statements = workspaces.flatMap(({ id, channel, people, portfolioId }) => [
    write(
      "INSERT INTO workspaces (workspace_id, mode, approvals_needed, channel_id, created_at, updated_at) VALUES (?1, 'team', 1, ?2, ?3, ?3)",
      id,
      channel,
      now,
    ),
    ...people
      .filter(({ role }) => role !== "viewer")
      .map(({ userId, role }) =>
        write(
          "INSERT INTO members (workspace_id, user_id, role, granted_by, created_at, updated_at) VALUES (?1, ?2, ?3, 'seed', ?4, ?4)",
          id,
          userId,
          role,
          now,
        ),
      ),
    ...targetNames.map((name, position) =>
      write(
        "INSERT INTO targets (workspace_id, name, position, portfolio_id, binding, credentials, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
        id,
        name,
        position,
        portfolioId,
        name === "d1cv" ? "D1CV" : "AI_AGENT",
        `${portfolioId}/${name}`,
        now,
      ),
    ),
  ]);
  db.transact(statements);
};

/** As `installApp` seals them, once: a seed begins without waiting. */
const sealedTokens: ReadonlyMap<string, string> = new Map(
  await Promise.all(
    workspaces.map(async ({ id, botToken }) => {
      const tokens = JSON.stringify({ botToken, refreshToken: null });
      const { text } = await createEncryption(JSON.stringify(firstKey)).seal(`installation ${id}`, tokens);
      return [id, text] as const;
    }),
  ),
);

/** Each workspace has installed the app. Seeds that begin with a release that named them in a variable have none. */
export const seedInstallations = (db: SimulatedD1, now: string): void => {
  const statements = workspaces.map(({ id, people }) =>
    write(
      `INSERT INTO slack_installations (workspace_id, name, app_id, bot_user_id, scopes, is_org_wide, installed_by,
         installed_at, sealed_tokens, key_version, updated_at)
       VALUES (?1, ?1, 'A0CVOPS', 'U0CVOPSBOT', 'commands', 0, ?2, ?3, ?4, ?5, ?3)`,
      id,
      people[0]?.userId ?? "",
      now,
      sealedTokens.get(id) ?? null,
      firstKey.current,
    ),
  );
  db.transact(statements);
};

/** Who has installed the app in each workspace. */
export const seedInstallers = (db: SimulatedD1): void => {
  const statements = workspaces.map(({ id, people }) =>
    write("UPDATE workspaces SET installed_by = ?2 WHERE workspace_id = ?1", id, people[0]?.userId ?? ""),
  );
  db.transact(statements);
};

/** The workspaces are in the second database. */
export const seedDirectory = (db: SimulatedD1, now: string): void => {
  const statements = workspaces.map(({ id }) =>
    write("INSERT INTO placements (workspace_id, database, placed_at) VALUES (?1, 'DB_2', ?2)", id, now),
  );
  db.transact(statements);
};

export const seedTarget = (db: SimulatedD1, now: string): void => {
  const statements = workspaces.flatMap(({ portfolioId }) => [
    write(
      "INSERT INTO receipts (portfolio_id, job_id, attempt, state, revision, created_at, updated_at) VALUES (?1, 'seed', 1, 'applied', 1, ?2, ?2)",
      portfolioId,
      now,
    ),
    ...seededRows.map((id) =>
      write(
        "INSERT INTO technology (portfolio_id, id, version, created_at, updated_at, updated_by, name, category, experience_years) VALUES (?1, ?2, 1, ?3, ?3, 'seed', ?4, 'Backend', 5)",
        portfolioId,
        id,
        now,
        id.replace("-1", ""),
      ),
    ),
  ]);
  db.transact(statements);
};

/** Changes a row of d1cv without CV Ops: a new revision and a new version. */
export const editElsewhere = (
  db: SimulatedD1,
  portfolioId: string,
  id: string,
  name: string,
  now: string,
  /** Null leaves the field that commits usually change. */
  summary: string | null = null,
): void => {
  const next = "(SELECT max(revision) FROM receipts WHERE portfolio_id = ?1)";
  db.transact([
    write(
      `INSERT INTO receipts (portfolio_id, job_id, attempt, state, revision, created_at, updated_at)
       VALUES (?1, ?2, 1, 'applied', ${next} + 1, ?3, ?3)`,
      portfolioId,
      name,
      now,
    ),
    write(
      `UPDATE technology SET version = ${next}, experience_years = experience_years + 1, summary = coalesce(?3, summary)
       WHERE portfolio_id = ?1 AND id = ?2`,
      portfolioId,
      id,
      summary,
    ),
  ]);
};
