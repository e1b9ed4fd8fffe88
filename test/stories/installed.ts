/** Rows of workspaces that have installed the app, written into the database of a stack that has not started yet. */
import { DatabaseSync } from "node:sqlite";
import { createEncryption } from "../../shared/encryption.ts";
import { people } from "../support/people.ts";

export const encryptionKeys = JSON.stringify({ current: "1", keys: { 1: btoa("a key of stories".padEnd(32, ".")) } });

interface Installation {
  workspaceId: string;
  sealedTokens: string;
}

/** As `installApp` seals them. */
export const installationsOf = (
  workspaces: readonly { workspaceId: string; botToken: string }[],
): Promise<Installation[]> => {
  const encryption = createEncryption(encryptionKeys);
  return Promise.all(
    workspaces.map(async ({ workspaceId, botToken }) => {
      const tokens = JSON.stringify({ botToken, refreshToken: null });
      return { workspaceId, sealedTokens: (await encryption.seal(`installation ${workspaceId}`, tokens)).text };
    }),
  );
};

const targets = [
  { name: "d1cv", alias: null, binding: "D1CV" },
  { name: "ai-agent", alias: "ai", binding: "AI_AGENT" },
];

/** Each with the admin and the two targets of the local stack. */
export const installApps = (file: string, installations: readonly Installation[]): void => {
  const database = new DatabaseSync(file);
  const now = new Date().toISOString();
  const insert = (table: string, values: Record<string, string | number | null>): void => {
    const names = Object.keys(values);
    const sql = `INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`;
    database.prepare(sql).run(...Object.values(values));
  };
  for (const { workspaceId, sealedTokens } of installations) {
    const row = { workspace_id: workspaceId, updated_at: now };
    insert("slack_installations", {
      ...row,
      name: workspaceId,
      app_id: "A0CVOPS",
      bot_user_id: "U0CVOPSBOT",
      scopes: "commands",
      is_org_wide: 0,
      installed_by: people.admin,
      installed_at: now,
      sealed_tokens: sealedTokens,
      key_version: "1",
    });
    insert("workspaces", { ...row, installed_by: people.admin, created_at: now });
    insert("members", { ...row, user_id: people.admin, role: "admin", granted_by: "installation", created_at: now });
    for (const [position, { name, alias, binding }] of targets.entries())
      insert("targets", {
        ...row,
        name,
        alias,
        position,
        portfolio_id: "noor-vega",
        binding,
        credentials: name,
        created_at: now,
      });
  }
  database.close();
};
