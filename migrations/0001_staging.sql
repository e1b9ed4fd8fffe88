-- The staging database: every accepted fact of CV Ops. Times are ISO 8601 text in UTC.
-- `expectation` (later `assertion`) and `state_edges` are machinery, not anybody's data; every other table carries
-- workspace_id.

-- Never has rows. A guarded write is followed by an INSERT of changes() and 1: a guard that matched nothing rolls the
-- whole batch back, which D1 does not do by itself.
CREATE TABLE expectation (actual INTEGER NOT NULL, expected INTEGER NOT NULL) STRICT;
CREATE TRIGGER expectation_holds BEFORE INSERT ON expectation
BEGIN
  SELECT RAISE(ABORT, 'conflict') WHERE NEW.actual <> NEW.expected;
  SELECT RAISE(IGNORE);
END;

-- The tables of shared/domain/states.ts; a test compares the two.
CREATE TABLE state_edges (
  machine TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  PRIMARY KEY (machine, from_state, to_state)
) STRICT, WITHOUT ROWID;

INSERT INTO state_edges (machine, from_state, to_state) VALUES
  ('change', 'staged', 'committed'),
  ('change', 'staged', 'discarded'),
  ('change', 'committed', 'staged'),
  ('change', 'committed', 'discarded'),
  ('review', 'draft', 'in_review'),
  ('review', 'draft', 'dropped'),
  ('review', 'draft', 'reopened'),
  ('review', 'in_review', 'approved'),
  ('review', 'in_review', 'rejected'),
  ('review', 'in_review', 'dropped'),
  ('review', 'in_review', 'reopened'),
  ('review', 'approved', 'dropped'),
  ('review', 'approved', 'reopened'),
  ('review', 'rejected', 'dropped'),
  ('review', 'rejected', 'reopened'),
  ('commit_target', 'pending', 'in_flight'),
  ('commit_target', 'in_flight', 'pending'),
  ('commit_target', 'in_flight', 'applied'),
  ('commit_target', 'in_flight', 'failed'),
  ('commit_target', 'failed', 'in_flight'),
  ('commit_target', 'failed', 'applied'),
  ('push', 'running', 'completed'),
  ('push', 'running', 'failed'),
  ('push', 'failed', 'running'),
  ('push', 'failed', 'completed'),
  ('job', 'pending', 'processing'),
  ('job', 'pending', 'completed'),
  ('job', 'pending', 'failed'),
  ('job', 'pending', 'timeout'),
  ('job', 'pending', 'cancelled'),
  ('job', 'processing', 'completed'),
  ('job', 'processing', 'failed'),
  ('job', 'processing', 'timeout'),
  ('job', 'processing', 'cancelled'),
  ('job', 'timeout', 'completed'),
  ('job', 'timeout', 'failed'),
  ('job', 'timeout', 'cancelled'),
  ('job', 'timeout', 'pending'),
  ('job', 'failed', 'completed'),
  ('job', 'failed', 'pending');

CREATE TABLE workspaces (
  workspace_id TEXT PRIMARY KEY,              -- Slack team id
  name TEXT,
  mode TEXT NOT NULL DEFAULT 'team',          -- 'team' | 'solo'
  approvals_needed INTEGER NOT NULL DEFAULT 1,
  channel_id TEXT,                            -- where cards go; NULL: the channel of the command
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;

CREATE TABLE members (
  workspace_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  role TEXT NOT NULL,                         -- 'viewer' | 'editor' | 'approver' | 'admin'
  granted_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  PRIMARY KEY (workspace_id, user_id)
) STRICT;
CREATE INDEX members_by_role ON members (workspace_id, role);

CREATE TABLE targets (
  workspace_id TEXT NOT NULL,
  name TEXT NOT NULL,
  position INTEGER NOT NULL,                  -- the order in which a push to all applies
  portfolio_id TEXT NOT NULL,
  binding TEXT,                               -- service binding, or
  url TEXT,                                   -- public address
  credentials TEXT NOT NULL,                  -- name of its entry in TARGET_CREDENTIALS
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  PRIMARY KEY (workspace_id, name)
) STRICT;

-- Numbers that people type: #42 is (workspace, 'commit', 42).
CREATE TABLE counters (
  workspace_id TEXT NOT NULL,
  name TEXT NOT NULL,                         -- 'change' | 'commit' | 'push'
  value INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, name)
) STRICT;

CREATE TABLE commits (
  workspace_id TEXT NOT NULL,
  id TEXT NOT NULL,
  number INTEGER NOT NULL,
  message TEXT NOT NULL,
  hash TEXT NOT NULL,                         -- SHA-256 of the net operations and the base values they touch
  review TEXT NOT NULL,                       -- state table 'review'
  status TEXT NOT NULL DEFAULT 'pending',     -- projection of commit_targets
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  applied_d1cv_at TEXT,
  applied_ai_at TEXT,
  applied_by TEXT,
  error_target TEXT,
  error_message TEXT,
  PRIMARY KEY (workspace_id, id)
) STRICT;
CREATE UNIQUE INDEX commits_by_number ON commits (workspace_id, number);
CREATE INDEX commits_by_status ON commits (workspace_id, status, number);

CREATE TABLE staged_changes (
  workspace_id TEXT NOT NULL,
  id TEXT NOT NULL,
  number INTEGER NOT NULL,
  state TEXT NOT NULL,                        -- state table 'change'
  commit_id TEXT,
  targets TEXT NOT NULL,                      -- JSON list of target names
  entity_type TEXT NOT NULL,
  action TEXT NOT NULL,                       -- 'CREATE' | 'UPDATE' | 'DELETE'
  entity_id TEXT NOT NULL,                    -- minted when a CREATE is staged
  payload TEXT NOT NULL,                      -- JSON of the values asked for; {} for DELETE
  base TEXT NOT NULL,                         -- JSON by target: row and version when it was staged
  summary TEXT NOT NULL,
  permalink TEXT,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) STRICT;
CREATE UNIQUE INDEX staged_changes_by_number ON staged_changes (workspace_id, number);
CREATE INDEX staged_changes_by_state ON staged_changes (workspace_id, state, number);
CREATE INDEX staged_changes_by_commit ON staged_changes (workspace_id, commit_id);
CREATE INDEX staged_changes_by_row ON staged_changes (workspace_id, entity_type, entity_id, state);

CREATE TABLE approvals (
  workspace_id TEXT NOT NULL,
  id TEXT NOT NULL,
  commit_id TEXT NOT NULL,
  commit_hash TEXT NOT NULL,                  -- what was looked at; an edit voids it
  decision TEXT NOT NULL,                     -- 'approved' | 'rejected'
  reason TEXT,
  decided_by TEXT NOT NULL,
  decided_at TEXT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) STRICT;
CREATE UNIQUE INDEX approvals_once ON approvals (workspace_id, commit_id, commit_hash, decided_by);

CREATE TABLE commit_targets (
  workspace_id TEXT NOT NULL,
  commit_id TEXT NOT NULL,
  target TEXT NOT NULL,
  state TEXT NOT NULL,                        -- state table 'commit_target'
  error TEXT,
  applied_at TEXT,
  updated_at TEXT NOT NULL,
  PRIMARY KEY (workspace_id, commit_id, target)
) STRICT;

CREATE TABLE pushes (
  workspace_id TEXT NOT NULL,
  id TEXT NOT NULL,
  number INTEGER NOT NULL,
  commit_id TEXT NOT NULL,
  scope TEXT NOT NULL,                        -- 'all' or a target's name
  state TEXT NOT NULL,                        -- state table 'push'
  requested_by TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  trace_id TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  finished_at TEXT,
  PRIMARY KEY (workspace_id, id)
) STRICT;
CREATE UNIQUE INDEX pushes_by_number ON pushes (workspace_id, number);
CREATE INDEX pushes_by_commit ON pushes (workspace_id, commit_id, number);

CREATE TABLE jobs (
  workspace_id TEXT NOT NULL,
  id TEXT NOT NULL,                           -- also the idempotency key at the target
  push_id TEXT NOT NULL,
  commit_id TEXT NOT NULL,
  target TEXT NOT NULL,
  position INTEGER NOT NULL,
  state TEXT NOT NULL,                        -- state table 'job'
  attempt INTEGER NOT NULL DEFAULT 1,
  stage TEXT,
  percent REAL NOT NULL DEFAULT 0,
  operations TEXT NOT NULL,                   -- JSON of the operations as they are sent
  result TEXT,                                -- JSON of the target's counts
  error_code TEXT,
  error_message TEXT,
  dispatched_at TEXT,                         -- when this attempt was put on the queue; NULL: waits for the target before it
  accepted_at TEXT,
  deadline_at TEXT,
  completed_at TEXT,
  searchable_at TEXT,
  verified_at TEXT,
  synced INTEGER,                             -- the target's own verdict when it verified
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) STRICT;
CREATE UNIQUE INDEX jobs_by_id ON jobs (id);
CREATE UNIQUE INDEX jobs_unfinished ON jobs (workspace_id, commit_id, target) WHERE state IN ('pending', 'processing', 'timeout');
CREATE INDEX jobs_by_push ON jobs (workspace_id, push_id, position);
-- Swept by cron across workspaces.
CREATE INDEX jobs_by_deadline ON jobs (state, deadline_at) WHERE state IN ('pending', 'processing', 'timeout');

-- Append-only. The id increases across all workspaces, so within each as well: readers ask for "after id N".
-- Events of changes and commits stand here too, with job_id NULL.
CREATE TABLE job_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  workspace_id TEXT NOT NULL,
  type TEXT NOT NULL,                         -- 'change.staged', 'commit.approved', 'job.completed', …
  commit_id TEXT,
  push_id TEXT,
  job_id TEXT,
  attempt INTEGER,
  actor_kind TEXT NOT NULL,                   -- 'slack' | 'target' | 'system'
  actor_id TEXT NOT NULL,
  data TEXT NOT NULL,
  trace_id TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX job_events_by_workspace ON job_events (workspace_id, id);
CREATE INDEX job_events_by_job ON job_events (workspace_id, job_id, id);
CREATE INDEX job_events_by_commit ON job_events (workspace_id, commit_id, id);

-- What came in and has had its effect; written in the effect's batch, so that a repeat changes nothing.
CREATE TABLE inbox (
  workspace_id TEXT NOT NULL,
  key TEXT NOT NULL,                          -- 'slack:<trigger id>' | 'webhook:<target>:<webhook id>'
  created_at TEXT NOT NULL,
  PRIMARY KEY (workspace_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX inbox_by_age ON inbox (created_at);

-- What must leave; written in the effect's batch, relayed after it and by cron.
CREATE TABLE outbox (
  workspace_id TEXT NOT NULL,
  id TEXT NOT NULL,
  destination TEXT NOT NULL,                  -- 'queue:cv-push'
  payload TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) STRICT;
CREATE INDEX outbox_by_age ON outbox (created_at);

-- A message of ours in Slack that shows state. It is out of date while its desired version is above the shown one.
CREATE TABLE cards (
  workspace_id TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,                         -- 'commit' | 'push' | 'push_plan' | 'push_outcome'
  subject_id TEXT NOT NULL,                   -- commit, push or job id
  attempt INTEGER NOT NULL DEFAULT 0,         -- of the job, for push_outcome
  channel_id TEXT NOT NULL,
  parent_card_id TEXT,                        -- the card under which it is a reply
  ts TEXT,                                    -- NULL until Slack has said that it is posted
  wanted_version INTEGER NOT NULL DEFAULT 1,
  shown_version INTEGER NOT NULL DEFAULT 0,
  ended_reason TEXT,                          -- why Slack will not take it any more
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) STRICT;
CREATE INDEX cards_by_subject ON cards (workspace_id, subject_id);
CREATE INDEX cards_stale ON cards (workspace_id, created_at) WHERE shown_version < wanted_version AND ended_reason IS NULL;
CREATE UNIQUE INDEX cards_by_message ON cards (workspace_id, channel_id, ts) WHERE ts IS NOT NULL;

CREATE TABLE dead_letters (
  workspace_id TEXT NOT NULL,                 -- '-' where the message does not say
  id TEXT NOT NULL,
  queue TEXT NOT NULL,
  body TEXT NOT NULL,
  cause TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  received_at TEXT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) STRICT;
CREATE INDEX dead_letters_by_age ON dead_letters (workspace_id, received_at);

-- An edge that is not in the table is a bug, whoever writes it.
CREATE TRIGGER change_edges BEFORE UPDATE OF state ON staged_changes WHEN OLD.state <> NEW.state
BEGIN
  SELECT RAISE(ABORT, 'illegal edge: change') WHERE NOT EXISTS
    (SELECT 1 FROM state_edges WHERE machine = 'change' AND from_state = OLD.state AND to_state = NEW.state);
END;
CREATE TRIGGER review_edges BEFORE UPDATE OF review ON commits WHEN OLD.review <> NEW.review
BEGIN
  SELECT RAISE(ABORT, 'illegal edge: review') WHERE NOT EXISTS
    (SELECT 1 FROM state_edges WHERE machine = 'review' AND from_state = OLD.review AND to_state = NEW.review);
END;
CREATE TRIGGER commit_target_edges BEFORE UPDATE OF state ON commit_targets WHEN OLD.state <> NEW.state
BEGIN
  SELECT RAISE(ABORT, 'illegal edge: commit_target') WHERE NOT EXISTS
    (SELECT 1 FROM state_edges WHERE machine = 'commit_target' AND from_state = OLD.state AND to_state = NEW.state);
END;
CREATE TRIGGER push_edges BEFORE UPDATE OF state ON pushes WHEN OLD.state <> NEW.state
BEGIN
  SELECT RAISE(ABORT, 'illegal edge: push') WHERE NOT EXISTS
    (SELECT 1 FROM state_edges WHERE machine = 'push' AND from_state = OLD.state AND to_state = NEW.state);
END;
CREATE TRIGGER job_edges BEFORE UPDATE OF state ON jobs WHEN OLD.state <> NEW.state
BEGIN
  SELECT RAISE(ABORT, 'illegal edge: job') WHERE NOT EXISTS
    (SELECT 1 FROM state_edges WHERE machine = 'job' AND from_state = OLD.state AND to_state = NEW.state);
END;
