-- The statement that writes an event gives it its number. Webhooks are looked for only where the workspace has an active
-- one.
-- The version before this one leaves the number to the trigger.
DROP TRIGGER webhook_fan_out;
CREATE TRIGGER webhook_fan_out AFTER INSERT ON job_events
  WHEN NEW.number IS NULL OR EXISTS (SELECT 1 FROM webhook_endpoints
    WHERE workspace_id = NEW.workspace_id AND state = 'active')
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
