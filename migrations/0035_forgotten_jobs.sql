-- What a target has applied and this database does not have, since it was put back in time: found by reconciling.
-- Its commits are lost; that the rows are as these jobs have left them was accepted.
CREATE TABLE forgotten_jobs (
  workspace_id TEXT NOT NULL,
  job_id TEXT NOT NULL,
  target TEXT NOT NULL,
  commit_number INTEGER,                      -- NULL where the target does not say
  commit_hash TEXT,
  applied_at TEXT NOT NULL,
  found_at TEXT NOT NULL,
  PRIMARY KEY (workspace_id, job_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX forgotten_jobs_by_id ON forgotten_jobs (job_id);
