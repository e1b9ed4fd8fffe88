/** Everything that the local Slack remembers. Times are milliseconds since the epoch. */
const statements = [
  `CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS messages (
    ts TEXT PRIMARY KEY, channel TEXT NOT NULL, thread_ts TEXT, user TEXT NOT NULL, text TEXT NOT NULL, blocks TEXT NOT NULL,
    edited_ts TEXT, ephemeral_for TEXT, deleted INTEGER NOT NULL DEFAULT 0, broadcast INTEGER NOT NULL DEFAULT 0)`,
  `CREATE INDEX IF NOT EXISTS messages_by_thread ON messages (channel, thread_ts)`,
  `CREATE TABLE IF NOT EXISTS views (
    position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, user TEXT NOT NULL, hash TEXT NOT NULL, view TEXT NOT NULL,
    errors TEXT NOT NULL, root_view_id TEXT NOT NULL, previous_view_id TEXT, external_id TEXT UNIQUE)`,
  // What a person chose in a message or view, as Slack reports it in state.values.
  `CREATE TABLE IF NOT EXISTS element_states (
    user TEXT NOT NULL, container TEXT NOT NULL, block_id TEXT NOT NULL, action_id TEXT NOT NULL, state TEXT NOT NULL,
    PRIMARY KEY (user, container, block_id, action_id))`,
  // The options that an external select was last given for a person.
  `CREATE TABLE IF NOT EXISTS suggestions (
    user TEXT NOT NULL, container TEXT NOT NULL, block_id TEXT NOT NULL, action_id TEXT NOT NULL, options TEXT NOT NULL,
    PRIMARY KEY (user, container, block_id, action_id))`,
  `CREATE TABLE IF NOT EXISTS triggers (
    id TEXT PRIMARY KEY, user TEXT NOT NULL, view_id TEXT, expires_at INTEGER NOT NULL, exchanged INTEGER NOT NULL DEFAULT 0)`,
  `CREATE TABLE IF NOT EXISTS response_urls (
    token TEXT PRIMARY KEY, user TEXT NOT NULL, channel TEXT NOT NULL, source_ts TEXT, expires_at INTEGER NOT NULL, uses INTEGER NOT NULL DEFAULT 0)`,
  `CREATE TABLE IF NOT EXISTS events (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, audience TEXT, body TEXT NOT NULL)`,
  // The record under its former name, which did not know the bot's own calls.
  `DROP TABLE IF EXISTS exchanges`,
  `CREATE TABLE IF NOT EXISTS traffic (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, direction TEXT NOT NULL, kind TEXT NOT NULL, payload TEXT NOT NULL,
    status INTEGER, body TEXT NOT NULL, ack_ms INTEGER NOT NULL, error TEXT, retry INTEGER NOT NULL)`,
  `CREATE INDEX IF NOT EXISTS traffic_by_direction ON traffic (direction, id)`,
  `CREATE TABLE IF NOT EXISTS faults (name TEXT PRIMARY KEY)`,
  `CREATE TABLE IF NOT EXISTS rate_buckets (name TEXT PRIMARY KEY, tokens REAL NOT NULL, at INTEGER NOT NULL)`,
  // Channels into which somebody has invited the app.
  `CREATE TABLE IF NOT EXISTS invitations (channel TEXT PRIMARY KEY)`,
  // Codes of Sign in with Slack that nobody has exchanged.
  `CREATE TABLE IF NOT EXISTS openid_codes (code TEXT PRIMARY KEY, granted TEXT NOT NULL)`,
  // Of the app's installations: codes, tokens and what refreshes them.
  `CREATE TABLE IF NOT EXISTS secrets (
    position INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, place TEXT NOT NULL, granted TEXT NOT NULL,
    until_ms INTEGER, ended TEXT)`,
  `CREATE TABLE IF NOT EXISTS deactivated (user TEXT PRIMARY KEY)`,
  `CREATE TABLE IF NOT EXISTS event_retries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, due_at INTEGER NOT NULL, retry INTEGER NOT NULL, reason TEXT NOT NULL, origin TEXT NOT NULL, body TEXT NOT NULL)`,
];

const emptiedByReset = [
  "messages",
  "views",
  "element_states",
  "suggestions",
  "triggers",
  "response_urls",
  "events",
  "traffic",
  "faults",
  "rate_buckets",
  "event_retries",
  "invitations",
  "deactivated",
  "openid_codes",
  "secrets",
];

export const createTables = (sql: SqlStorage): void => {
  for (const statement of statements) sql.exec(statement);
};

/** Forgets everything but the clocks, so that timestamps and sequence numbers never come twice. */
export const emptyTables = (sql: SqlStorage): void => {
  for (const table of emptiedByReset) sql.exec(`DELETE FROM ${table}`);
};
