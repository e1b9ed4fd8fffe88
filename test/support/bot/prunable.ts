/** Of each table from which cron deletes by age: an old row, and the column that says how old. */
export interface Prunable {
  /** Columns and values; ?1 is a workspace, ?2 a time long ago. */
  row: string;
  age: string;
}

export const prunable: Record<string, Prunable> = {
  idempotency_records: { row: "(workspace_id, key, created_at) VALUES (?1, 'old', ?2)", age: "created_at" },
  api_replies: { row: "(workspace_id, key, fingerprint, created_at) VALUES (?1, 'old', 'f', ?2)", age: "created_at" },
  webhook_deliveries: {
    row: "(workspace_id, id, endpoint_id, event_id, state, created_at, updated_at, ended_at) VALUES (?1, 'old' || ?1, 'w', 1, 'delivered', ?2, ?2, ?2)",
    age: "created_at",
  },
  refusal_counts: {
    row: "(workspace_id, day, via, operation, code, count) VALUES (?1, substr(?2, 1, 10), 'api', 'o', 'c', 1)",
    age: "day",
  },
  operation_counts: {
    row: "(day, name, label, count, sum) VALUES (substr(?2, 1, 10), 'acks', ?1, 1, 0)",
    // The sums since the beginning have none.
    age: "NULLIF(day, '')",
  },
  addresses: { row: "(workspace_id, email, user_id, checked_at) VALUES (?1, 'old', NULL, ?2)", age: "checked_at" },
  backups: { row: "(day, state, problem, tried_at) VALUES (substr(?2, 1, 10), 'failed', ?1, ?2)", age: "day" },
  operator_passes: { row: "(hash, expires_at) VALUES (?1, ?2)", age: "expires_at" },
  sign_ins: {
    row: "(hash, id, workspace_id, user_id, created_at, expires_at) VALUES (?1, ?1, ?1, 'u', ?2, ?2)",
    age: "expires_at",
  },
  sign_in_attempts: {
    row: "(hash, browser, nonce, return_to, expires_at) VALUES (?1, 'b', 'n', '/', ?2)",
    age: "expires_at",
  },
  install_states: { row: "(hash, expires_at) VALUES (?1, ?2)", age: "expires_at" },
  logins: { row: "(code, hash, device, created_at, expires_at) VALUES (?1, ?1, 'd', ?2, ?2)", age: "expires_at" },
};
