-- The protocol's own tables, the same in every target built on targets/service.

-- `INSERT INTO expectation SELECT changes(), n` rolls a batch back unless the statement before it changed n rows.
CREATE TABLE expectation (actual INTEGER NOT NULL, expected INTEGER NOT NULL);

CREATE TRIGGER expectation_checked BEFORE INSERT ON expectation
BEGIN
  SELECT RAISE(ABORT, 'conflict') WHERE NEW.actual IS NOT NEW.expected;
  SELECT RAISE(IGNORE);
END;

-- What became of each job; kept for good. `revision` numbers a portfolio's applied commits.
CREATE TABLE receipts (
  portfolio_id TEXT NOT NULL,
  job_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('applied', 'conflicted', 'cancelled')),
  revision INTEGER,
  callback_url TEXT,
  traceparent TEXT,
  result TEXT,
  conflicts TEXT,
  searchable_at TEXT,
  verified_at TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  PRIMARY KEY (portfolio_id, job_id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX receipts_by_revision ON receipts (portfolio_id, revision) WHERE revision IS NOT NULL;

-- Outbox of signed webhooks, delivered in the order of id within a job.
CREATE TABLE callbacks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  portfolio_id TEXT NOT NULL,
  job_id TEXT NOT NULL,
  webhook_id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'superseded', 'dead')),
  attempts INTEGER NOT NULL DEFAULT 0,
  due_at_ms INTEGER NOT NULL,
  leased_until_ms INTEGER NOT NULL DEFAULT 0,
  last_error TEXT,
  created_at TEXT NOT NULL,
  settled_at TEXT
);

CREATE INDEX callbacks_by_job ON callbacks (portfolio_id, job_id, state, id);
CREATE INDEX callbacks_due ON callbacks (due_at_ms) WHERE state = 'pending';
