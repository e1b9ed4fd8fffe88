-- What happened and how often, by day, for the people who run the service. Names nobody, and no workspace.
CREATE TABLE operation_counts (
  day TEXT NOT NULL,                          -- UTC, YYYY-MM-DD; '': since the beginning
  name TEXT NOT NULL,                         -- 'acks', 'pushes', …
  label TEXT NOT NULL,                        -- an outcome, or the upper bound of a duration in seconds
  count INTEGER NOT NULL,
  sum REAL NOT NULL,                          -- of durations, seconds
  PRIMARY KEY (day, name, label)
) STRICT;

-- How far the events have been counted: one row.
CREATE TABLE operation_cursor (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL,                     -- the id of the last event counted
  updated_at TEXT NOT NULL                    -- when cron last looked
) STRICT;
INSERT INTO operation_cursor (name, value, updated_at)
  SELECT 'events', COALESCE(MAX(id), 0), '1970-01-01T00:00:00.000Z' FROM job_events;

INSERT INTO state_edges (machine, from_state, to_state) VALUES
  ('alert', 'quiet', 'raised'),
  ('alert', 'raised', 'quiet');

-- Whether each alert is raised; no row: it has never been.
CREATE TABLE alerts (
  name TEXT PRIMARY KEY,                      -- 'outbox_stuck', 'target_down', …
  state TEXT NOT NULL,                        -- state table 'alert'
  value REAL NOT NULL,                        -- what was measured when the state last changed
  notice_id TEXT NOT NULL,                    -- subject of the card about the last time
  raised_at TEXT NOT NULL,
  cleared_at TEXT
) STRICT;
CREATE TRIGGER alerts_edges BEFORE UPDATE OF state ON alerts WHEN OLD.state <> NEW.state
BEGIN
  SELECT RAISE(ABORT, 'illegal edge: alert') WHERE NOT EXISTS
    (SELECT 1 FROM state_edges WHERE machine = 'alert' AND from_state = OLD.state AND to_state = NEW.state);
END;

CREATE INDEX target_health_down ON target_health (target) WHERE state <> 'closed';
