-- What is read does not grow with what a workspace has done: each question has an index that leads to its answer.

-- Since when nothing is open about a change: it is discarded, or its commit is applied everywhere, dropped or reopened.
-- NULL: it is staged, or its commit is open. Triggers keep it.
ALTER TABLE staged_changes ADD COLUMN closed_at TEXT;
UPDATE staged_changes SET closed_at = updated_at WHERE state = 'discarded';
UPDATE staged_changes SET closed_at = (SELECT MAX(c.updated_at, COALESCE((SELECT MAX(ct.applied_at) FROM commit_targets ct
      WHERE ct.workspace_id = c.workspace_id AND ct.commit_id = c.id), '')) FROM commits c
    WHERE c.workspace_id = staged_changes.workspace_id AND c.id = staged_changes.commit_id
      AND (c.review IN ('dropped', 'reopened') OR c.status = 'applied_all'))
  WHERE state = 'committed';

CREATE TRIGGER change_discarded AFTER UPDATE OF state ON staged_changes WHEN NEW.state = 'discarded'
BEGIN
  UPDATE staged_changes SET closed_at = NEW.updated_at WHERE workspace_id = NEW.workspace_id AND id = NEW.id;
END;
CREATE TRIGGER change_restaged AFTER UPDATE OF state ON staged_changes
  WHEN NEW.state = 'staged' AND OLD.state <> 'staged'
BEGIN
  UPDATE staged_changes SET closed_at = NULL WHERE workspace_id = NEW.workspace_id AND id = NEW.id;
END;
-- Clocks of Workers differ: never before a target has applied it.
CREATE TRIGGER commit_closed AFTER UPDATE OF review, status ON commits
  WHEN (NEW.review IN ('dropped', 'reopened') OR NEW.status = 'applied_all')
    AND NOT (OLD.review IN ('dropped', 'reopened') OR OLD.status = 'applied_all')
BEGIN
  UPDATE staged_changes SET closed_at = MAX(NEW.updated_at, COALESCE((SELECT MAX(ct.applied_at) FROM commit_targets ct
      WHERE ct.workspace_id = NEW.workspace_id AND ct.commit_id = NEW.id), ''))
    WHERE workspace_id = NEW.workspace_id AND commit_id = NEW.id AND state = 'committed';
END;
CREATE TRIGGER commit_opened AFTER UPDATE OF review, status ON commits
  WHEN (OLD.review IN ('dropped', 'reopened') OR OLD.status = 'applied_all')
    AND NOT (NEW.review IN ('dropped', 'reopened') OR NEW.status = 'applied_all')
BEGIN
  UPDATE staged_changes SET closed_at = NULL
    WHERE workspace_id = NEW.workspace_id AND commit_id = NEW.id AND state = 'committed';
END;

DROP INDEX staged_changes_by_row;
CREATE INDEX staged_changes_of_row ON staged_changes (workspace_id, entity_type, entity_id, closed_at);
CREATE INDEX staged_changes_open ON staged_changes (workspace_id, entity_type, entity_id) WHERE closed_at IS NULL;
DROP INDEX staged_changes_by_commit;
CREATE INDEX staged_changes_of_commit ON staged_changes (workspace_id, commit_id, number) WHERE commit_id IS NOT NULL;

-- `isOpenCommit` of the domain.
CREATE INDEX commits_open ON commits (workspace_id, number)
  WHERE review NOT IN ('dropped', 'reopened') AND status <> 'applied_all';
-- What lists of commits are filtered by.
CREATE INDEX commits_by_review ON commits (workspace_id, review, number);
CREATE INDEX commits_by_author ON commits (workspace_id, created_by, number);
CREATE INDEX commits_by_time ON commits (workspace_id, created_at);
CREATE INDEX commits_applied ON commits (workspace_id, number) WHERE status GLOB 'applied_*';

CREATE INDEX commit_targets_failed ON commit_targets (workspace_id) WHERE state = 'failed';
CREATE INDEX commit_targets_applied ON commit_targets (workspace_id, applied_at) WHERE state = 'applied';
CREATE INDEX dead_letters_open ON dead_letters (workspace_id, number) WHERE state IN ('kept', 'retried');
CREATE INDEX jobs_by_commit ON jobs (workspace_id, commit_id, created_at, position);
CREATE INDEX job_events_accepted ON job_events (workspace_id, number) WHERE type = 'target.accepted';

-- Events of a time, for webhooks that have missed them. The other two hold only events that have a job or a commit, so
-- that no event is written into more indexes than before.
CREATE INDEX job_events_by_time ON job_events (workspace_id, created_at);
DROP INDEX job_events_by_job;
CREATE INDEX job_events_by_job ON job_events (workspace_id, job_id, number) WHERE job_id IS NOT NULL;
DROP INDEX job_events_by_commit;
CREATE INDEX job_events_by_commit ON job_events (workspace_id, commit_id, number) WHERE commit_id IS NOT NULL;
