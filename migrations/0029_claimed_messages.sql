-- Until when one relay sends the message, and no other: longer than that, and the relay has crashed. NULL: nobody does.
ALTER TABLE outbox ADD COLUMN claimed_until TEXT;
CREATE INDEX outbox_unclaimed ON outbox (workspace_id) WHERE claimed_until IS NULL;
CREATE INDEX outbox_deliveries ON outbox (workspace_id)
  WHERE claimed_until IS NULL AND destination = 'queue:cv-deliveries';

-- 1: brings a target what it has applied before. Triggers keep it.
ALTER TABLE jobs ADD COLUMN is_again INTEGER NOT NULL DEFAULT 0;
UPDATE jobs SET is_again = 1
  WHERE state <> 'completed' AND EXISTS (SELECT 1 FROM commits c
    WHERE c.workspace_id = jobs.workspace_id AND c.id = jobs.commit_id AND c.status = 'applied_all');
CREATE INDEX jobs_again ON jobs (workspace_id) WHERE is_again = 1 AND state IN ('pending', 'processing', 'timeout');
CREATE TRIGGER job_made_again AFTER INSERT ON jobs WHEN EXISTS (SELECT 1 FROM commits c
    WHERE c.workspace_id = NEW.workspace_id AND c.id = NEW.commit_id AND c.status = 'applied_all')
BEGIN
  UPDATE jobs SET is_again = 1 WHERE workspace_id = NEW.workspace_id AND id = NEW.id;
END;
CREATE TRIGGER commit_applied_before AFTER UPDATE OF status ON commits
  WHEN NEW.status = 'applied_all' AND OLD.status <> 'applied_all'
BEGIN
  UPDATE jobs SET is_again = 1 WHERE workspace_id = NEW.workspace_id AND commit_id = NEW.id
    AND state <> 'completed';
END;
