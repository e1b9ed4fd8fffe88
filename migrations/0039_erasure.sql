-- While a batch has a row here, the log of the workspace may get a pseudonym in place of a person. No row stays.
CREATE TABLE erasing (
  workspace_id TEXT NOT NULL,
  PRIMARY KEY (workspace_id)
) STRICT, WITHOUT ROWID;

-- Whose personal data was erased, by the pseudonym that the history has instead; who it was is kept nowhere.
CREATE TABLE erasures (
  workspace_id TEXT NOT NULL,
  pseudonym TEXT NOT NULL,
  erased_by TEXT NOT NULL,
  erased_at TEXT NOT NULL,
  PRIMARY KEY (workspace_id, pseudonym)
) STRICT, WITHOUT ROWID;

DROP TRIGGER job_events_stay_as_they_are;
CREATE TRIGGER job_events_stay_as_they_are BEFORE UPDATE ON job_events
  WHEN OLD.number IS NOT NULL AND NOT EXISTS (SELECT 1 FROM erasing WHERE workspace_id = OLD.workspace_id) BEGIN
  SELECT RAISE(ABORT, 'job_events is append-only');
END;
