-- Deliveries are numbered in each workspace, as events are. Older ones keep the numbers that people have.
-- Of webhook_deliveries: One event for one endpoint.
-- Of job_events: Append-only. Readers ask for "after number N". Events of changes and commits stand here too, with
-- job_id NULL.

-- Of the row, across all workspaces: nobody gets to see it.
ALTER TABLE webhook_deliveries RENAME COLUMN number TO position;
-- Increases within the workspace. Numbers of deliveries that are gone are not given again: the log names them.
ALTER TABLE webhook_deliveries ADD COLUMN number INTEGER;
UPDATE webhook_deliveries SET number = position;
INSERT INTO counters (workspace_id, name, value)
  SELECT workspace_id, 'delivery', MAX(number) FROM webhook_deliveries GROUP BY workspace_id;

DROP INDEX webhook_deliveries_by_endpoint;
CREATE UNIQUE INDEX webhook_deliveries_by_number ON webhook_deliveries (workspace_id, number);
CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries (workspace_id, endpoint_id, number);

CREATE TRIGGER delivery_numbered AFTER INSERT ON webhook_deliveries WHEN NEW.number IS NULL
BEGIN
  INSERT INTO counters (workspace_id, name, value) VALUES (NEW.workspace_id, 'delivery', 1)
    ON CONFLICT (workspace_id, name) DO UPDATE SET value = value + 1;
  UPDATE webhook_deliveries
    SET number = (SELECT value FROM counters WHERE workspace_id = NEW.workspace_id AND name = 'delivery')
    WHERE position = NEW.position;
END;
