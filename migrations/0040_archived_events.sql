-- Events that were moved to R2: an object holds those of 512 numbers of a workspace, and they are gone from the log here.
CREATE TABLE event_archives (
  workspace_id TEXT NOT NULL,
  position INTEGER NOT NULL,                  -- of the events from number 512 * position on
  sha256 TEXT NOT NULL,                       -- of the object
  events INTEGER NOT NULL,
  bytes INTEGER NOT NULL,                     -- of the object
  archived_at TEXT NOT NULL,
  PRIMARY KEY (workspace_id, position)
) STRICT, WITHOUT ROWID;

-- Which archives have events of a commit.
CREATE TABLE archived_commits (
  workspace_id TEXT NOT NULL,
  commit_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, commit_id, position)
) STRICT, WITHOUT ROWID;

-- People whose erasure archives still have to follow; readers follow it at once. No row stays.
CREATE TABLE archive_erasures (
  workspace_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  pseudonym TEXT NOT NULL,
  position INTEGER NOT NULL,                  -- archives before it have followed
  PRIMARY KEY (workspace_id, pseudonym)
) STRICT, WITHOUT ROWID;

-- Only what an archive has may leave the log.
DROP TRIGGER job_events_stay;
CREATE TRIGGER job_events_stay BEFORE DELETE ON job_events
  WHEN NOT EXISTS (SELECT 1 FROM event_archives WHERE workspace_id = OLD.workspace_id AND position = OLD.number / 512) BEGIN
  SELECT RAISE(ABORT, 'job_events is append-only');
END;
