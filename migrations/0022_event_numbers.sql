-- Events are numbered in each workspace, so that a number says nothing about other workspaces. Older events keep what
-- they were numbered by, for readers who come back with the last number that they have.
DROP TRIGGER job_events_stay_as_they_are;

-- Increases within the workspace: readers ask for "after number N". The id, across all workspaces, is for joins alone.
ALTER TABLE job_events ADD COLUMN number INTEGER;
UPDATE job_events SET number = id;

DROP INDEX job_events_by_workspace;
DROP INDEX job_events_by_job;
DROP INDEX job_events_by_commit;
CREATE UNIQUE INDEX job_events_by_number ON job_events (workspace_id, number);
CREATE INDEX job_events_by_job ON job_events (workspace_id, job_id, number);
CREATE INDEX job_events_by_commit ON job_events (workspace_id, commit_id, number);

-- Only the number that it gets when it is written is added to a row.
CREATE TRIGGER job_events_stay_as_they_are BEFORE UPDATE ON job_events WHEN OLD.number IS NOT NULL BEGIN
  SELECT RAISE(ABORT, 'job_events is append-only');
END;

-- An event gets its number and its deliveries in its own transaction, whoever writes it. A test is for its endpoint
-- alone.
DROP TRIGGER webhook_fan_out;
CREATE TRIGGER webhook_fan_out AFTER INSERT ON job_events
BEGIN
  UPDATE job_events SET number = (SELECT COALESCE(MAX(number), 0) + 1 FROM job_events WHERE workspace_id = NEW.workspace_id)
    WHERE id = NEW.id AND number IS NULL;
  INSERT INTO webhook_deliveries (workspace_id, id, endpoint_id, event_id, state, next_at, created_at, updated_at)
    SELECT NEW.workspace_id, 'msg_' || e.id || '_' || v.number, e.id, NEW.id, 'pending', NEW.created_at, NEW.created_at, NEW.created_at
    FROM webhook_endpoints e JOIN job_events v ON v.id = NEW.id
    WHERE e.workspace_id = NEW.workspace_id AND e.state = 'active'
      AND (NEW.type = 'webhook.tested' AND NEW.data ->> '$.webhookId' = e.id
        OR NEW.type <> 'webhook.tested' AND EXISTS (SELECT 1 FROM json_each(e.events) f WHERE NEW.type GLOB f.value))
    ORDER BY e.number;
END;
