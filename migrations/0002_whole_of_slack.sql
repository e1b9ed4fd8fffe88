-- Cancelled pushes, replies under somebody's message, Home as a card, provenance, workspaces that took the app away.

INSERT INTO state_edges (machine, from_state, to_state) VALUES
  ('push', 'running', 'cancelled'),
  ('push', 'failed', 'cancelled');

-- For a reply under a message that is not ours.
ALTER TABLE cards ADD COLUMN thread_ts TEXT;
-- kind: also 'change' (subject: change id) and 'home' (subject and channel: user id; ts: 'home').
CREATE INDEX cards_home ON cards (workspace_id) WHERE kind = 'home';

-- Who wrote the message at `permalink`.
ALTER TABLE staged_changes ADD COLUMN source_author TEXT;

-- When the app was uninstalled or its token revoked.
ALTER TABLE workspaces ADD COLUMN disconnected_at TEXT;
