-- What the vector index should hold and what it last contained, one row for each row of the portfolio.
CREATE TABLE vectors (
  portfolio_id TEXT NOT NULL,
  entity_type TEXT NOT NULL,
  id TEXT NOT NULL,
  vector_id TEXT NOT NULL,
  -- Version of the row that belongs into the index. NULL is a tombstone: the row is deleted and its vector has to go.
  desired_version INTEGER,
  -- Version handed to the index, and when.
  submitted_version INTEGER,
  submitted_at_ms INTEGER,
  -- Version, content hash and display name that the index last contained; NULL when it holds none or that is unknown.
  indexed_version INTEGER,
  content_hash TEXT,
  name TEXT,
  PRIMARY KEY (portfolio_id, entity_type, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX vectors_by_vector_id ON vectors (portfolio_id, vector_id);

-- Outbox of the queue cv-index: sent again until the consumer has reported the task done.
CREATE TABLE index_tasks (
  task_id TEXT PRIMARY KEY,
  portfolio_id TEXT NOT NULL,
  job_id TEXT NOT NULL,
  rows TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done')),
  sends INTEGER NOT NULL DEFAULT 0,
  due_at_ms INTEGER NOT NULL,
  created_at TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX index_tasks_by_job ON index_tasks (portfolio_id, job_id, state);
CREATE INDEX index_tasks_due ON index_tasks (due_at_ms) WHERE state = 'open';
