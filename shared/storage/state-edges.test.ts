import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { type Machine, allEdges, canMove, sourcesOf, stateNames, states } from "../domain/states.ts";

const now = "2026-11-23T08:00:00.000Z";

/** Where each machine's state stands, and a row in a given state. */
const rowsOf: Record<Machine, { table: string; column: string; insert: string }> = {
  change: {
    table: "staged_changes",
    column: "state",
    insert: `INSERT INTO staged_changes (workspace_id, id, number, state, targets, entity_type, action, entity_id, payload, base,
      created_by, created_at, updated_at) VALUES ('T', ?1, ?2, ?3, '[]', 'technology', 'UPDATE', 'x', '{}', '{}', 'U', ?4, ?4)`,
  },
  review: {
    table: "commits",
    column: "review",
    insert: `INSERT INTO commits (workspace_id, id, number, message, hash, review, created_by, created_at, updated_at)
      VALUES ('T', ?1, ?2, 'm', 'h', ?3, 'U', ?4, ?4)`,
  },
  commit_target: {
    table: "commit_targets",
    column: "state",
    insert:
      "INSERT INTO commit_targets (workspace_id, commit_id, target, state, updated_at) VALUES ('T', ?1, ?2, ?3, ?4)",
  },
  push: {
    table: "pushes",
    column: "state",
    insert: `INSERT INTO pushes (workspace_id, id, number, commit_id, scope, state, requested_by, channel_id, trace_id, created_at, updated_at)
      VALUES ('T', ?1, ?2, 'c', 'all', ?3, 'U', 'C', 't', ?4, ?4)`,
  },
  target_health: {
    table: "target_health",
    column: "state",
    insert:
      "INSERT INTO target_health (workspace_id, target, failures, state, updated_at) VALUES ('T', ?1, ?2, ?3, ?4)",
  },
  dead_letter: {
    table: "dead_letters",
    column: "state",
    insert: `INSERT INTO dead_letters (workspace_id, id, number, state, queue, body, cause, attempts, received_at)
      VALUES ('T', ?1, ?2, ?3, 'q', '{}', 'c', 1, ?4)`,
  },
  webhook: {
    table: "webhook_endpoints",
    column: "state",
    insert: `INSERT INTO webhook_endpoints (workspace_id, id, number, url, description, events, profile, state, secret, created_by,
      created_at, updated_at) VALUES ('T', ?1, ?2, '', '', '[]', 'fast', ?3, 's', 'U', ?4, ?4)`,
  },
  delivery: {
    table: "webhook_deliveries",
    column: "state",
    insert: `INSERT INTO webhook_deliveries (workspace_id, id, endpoint_id, event_id, state, created_at, updated_at)
      VALUES ('T', ?1, 'e', ?2, ?3, ?4, ?4)`,
  },
  alert: {
    table: "alerts",
    column: "state",
    insert: "INSERT INTO alerts (name, value, state, notice_id, raised_at) VALUES (?1, ?2, ?3, ?1, ?4)",
  },
  job: {
    table: "jobs",
    column: "state",
    insert: `INSERT INTO jobs (workspace_id, id, push_id, commit_id, target, position, state, operations, created_at, updated_at)
      VALUES ('T', ?1, 'p', ?2, 'd1cv', 0, ?3, '{}', ?4, ?4)`,
  },
};

const pairs = (Object.keys(states) as Machine[]).flatMap((machine) => {
  const names: string[] = stateNames(machine);
  return names.flatMap((from) => names.map((to): [Machine, string, string] => [machine, from, to]));
});

test("the state changes in the database are those of the domain", async () => {
  const stored = await env.DB.prepare("SELECT machine, from_state, to_state FROM state_edges").raw();
  const lines = (edges: unknown[][]): string[] => edges.map((edge) => edge.join(" ")).toSorted();
  expect(lines(stored)).toEqual(lines(allEdges()));
});

describe("the database", () => {
  test.each(pairs)("the database allows %s from %s to %s exactly when the domain does", async (machine, from, to) => {
    const { table, column, insert } = rowsOf[machine];
    const id = `${machine}-${from}-${to}`;
    await env.DB.prepare(insert)
      .bind(
        id,
        pairs.findIndex((pair) => pair.join("-") === id),
        from,
        now,
      )
      .run();
    const keys: Record<string, string> = { commit_targets: "commit_id", target_health: "target", alerts: "name" };
    const key = keys[table] ?? "id";
    const ours = table === "alerts" ? "" : "workspace_id = 'T' AND";
    const move = env.DB.prepare(`UPDATE ${table} SET ${column} = ?2 WHERE ${ours} ${key} = ?1`).bind(id, to);

    const legal = from === to || allEdges().some((edge) => edge.join("-") === id);
    if (legal) await move.run();
    else await expect(move.run()).rejects.toThrow(`illegal edge: ${machine}`);

    const after = await env.DB.prepare(`SELECT ${column} FROM ${table} WHERE ${key} = ?1`).bind(id).first(column);
    expect(after).toBe(legal ? to : from);
  });
});

describe("the tables", () => {
  test("the state tables lead only to states that exist", () => {
    for (const [machine, , to] of allEdges()) expect<string[]>(stateNames(machine)).toContain(to);
  });

  test("the state tables define which states are final", () => {
    const finals = pairs
      .filter(([machine, from]) => !allEdges().some(([other, start]) => other === machine && start === from))
      .map(([machine, from]) => `${machine} ${from}`);
    expect([...new Set(finals)]).toEqual([
      "change discarded",
      "review dropped",
      "review reopened",
      "commit_target applied",
      "push completed",
      "push cancelled",
      "job completed",
      "job cancelled",
      "dead_letter resolved",
      "dead_letter discarded",
    ]);
  });

  test("the state tables answer for single changes, and staying is no change", () => {
    expect(canMove("job", "timeout", "pending")).toBe(true);
    expect(canMove("job", "processing", "pending")).toBe(false);
    expect(canMove("job", "pending", "pending")).toBe(false);
    expect(sourcesOf("job", "completed")).toEqual(["pending", "processing", "timeout", "failed"]);
    expect(sourcesOf("review", "draft")).toEqual([]);
  });
});
