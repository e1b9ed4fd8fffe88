-- Whether each target answers (a circuit breaker), what a job's requests have come to, and a direct way back for what is cancelled.

INSERT INTO state_edges (machine, from_state, to_state) VALUES
  ('commit_target', 'failed', 'pending'),
  ('target_health', 'closed', 'open'),
  ('target_health', 'open', 'half_open'),
  ('target_health', 'open', 'closed'),
  ('target_health', 'half_open', 'open'),
  ('target_health', 'half_open', 'closed');

-- No row: it has never failed to answer.
CREATE TABLE target_health (
  workspace_id TEXT NOT NULL,
  target TEXT NOT NULL,
  state TEXT NOT NULL,                        -- state table 'target_health'
  failures INTEGER NOT NULL,                  -- in a row
  failing_since TEXT,                         -- the first of them
  error TEXT,                                 -- the last of them, such as 'could not be reached'
  outage_id TEXT,                             -- subject of the notice about the last outage
  opened_at TEXT,
  closed_at TEXT,
  probe_at TEXT,                              -- when it may be tried next; while half open: until when the probe counts as under way
  probe_job_id TEXT,
  version INTEGER NOT NULL DEFAULT 1,
  updated_at TEXT NOT NULL,
  PRIMARY KEY (workspace_id, target)
) STRICT;
CREATE TRIGGER target_health_edges BEFORE UPDATE OF state ON target_health WHEN OLD.state <> NEW.state
BEGIN
  SELECT RAISE(ABORT, 'illegal edge: target_health') WHERE NOT EXISTS
    (SELECT 1 FROM state_edges WHERE machine = 'target_health' AND from_state = OLD.state AND to_state = NEW.state);
END;

-- Requests of this attempt that have left, counted before they leave. 0: the target cannot have it.
ALTER TABLE jobs ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
-- Since when it waits for a target that does not answer.
ALTER TABLE jobs ADD COLUMN waiting_since TEXT;
CREATE INDEX jobs_waiting ON jobs (workspace_id, target) WHERE waiting_since IS NOT NULL;

-- The workspaces take turns when the outbox is relayed.
CREATE INDEX outbox_by_turn ON outbox (workspace_id, created_at);
