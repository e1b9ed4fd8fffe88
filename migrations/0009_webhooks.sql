-- Outgoing webhooks: who gets events over HTTP, and what became of sending them.

INSERT INTO state_edges (machine, from_state, to_state) VALUES
  ('webhook', 'active', 'disabled'),
  ('webhook', 'disabled', 'active'),
  ('delivery', 'pending', 'delivered'),
  ('delivery', 'pending', 'failed'),
  ('delivery', 'failed', 'pending'),
  ('delivery', 'failed', 'delivered'),
  ('delivery', 'delivered', 'pending');

CREATE TABLE webhook_endpoints (
  workspace_id TEXT NOT NULL,
  id TEXT NOT NULL,
  number INTEGER NOT NULL,
  url TEXT NOT NULL,
  description TEXT NOT NULL,
  events TEXT NOT NULL,                       -- JSON list of filters: '*', 'job.*', 'commit.approved'
  profile TEXT NOT NULL,                      -- how it is tried again: 'fast' | 'standard'
  state TEXT NOT NULL,                        -- state table 'webhook'
  disabled_reason TEXT,                       -- 'person' | 'gone' | 'failing'
  disabled_at TEXT,
  secret TEXT NOT NULL,                       -- whsec_…: signs, so it is kept; shown once
  old_secret TEXT,                            -- signs as well until then
  old_secret_until TEXT,
  failures INTEGER NOT NULL DEFAULT 0,        -- attempts in a row
  failing_since TEXT,                         -- the first of them
  last_error TEXT,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) STRICT;
CREATE UNIQUE INDEX webhook_endpoints_by_number ON webhook_endpoints (workspace_id, number);
CREATE INDEX webhook_endpoints_rotated ON webhook_endpoints (old_secret_until) WHERE old_secret IS NOT NULL;

-- One event for one endpoint. The number increases across all workspaces, as that of events does.
CREATE TABLE webhook_deliveries (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  workspace_id TEXT NOT NULL,
  id TEXT NOT NULL,                           -- 'msg_<endpoint>_<event>': the webhook-id of every attempt
  endpoint_id TEXT NOT NULL,
  event_id INTEGER NOT NULL,
  state TEXT NOT NULL,                        -- state table 'delivery'
  attempts INTEGER NOT NULL DEFAULT 0,        -- whose end was recorded
  retries INTEGER NOT NULL DEFAULT 0,         -- of the profile's that are used up; from 0 again when people replay it
  next_at TEXT,                               -- when to look at it next; NULL when it has ended
  sending_until TEXT,                         -- an attempt is under way, at most until then
  status INTEGER,                             -- what the last attempt was answered with; NULL: nothing
  error TEXT,
  duration_ms INTEGER,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  ended_at TEXT
) STRICT;
CREATE UNIQUE INDEX webhook_deliveries_by_id ON webhook_deliveries (workspace_id, id);
CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries (workspace_id, endpoint_id, number);
CREATE INDEX webhook_deliveries_created ON webhook_deliveries (workspace_id, created_at);
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (workspace_id, ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX webhook_deliveries_pending ON webhook_deliveries (workspace_id, endpoint_id, created_at) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_failed ON webhook_deliveries (workspace_id, endpoint_id, created_at) WHERE state = 'failed';
-- Swept by cron across workspaces.
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_at) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_old ON webhook_deliveries (ended_at) WHERE state = 'delivered';

CREATE TRIGGER webhook_edges BEFORE UPDATE OF state ON webhook_endpoints WHEN OLD.state <> NEW.state
BEGIN
  SELECT RAISE(ABORT, 'illegal edge: webhook') WHERE NOT EXISTS
    (SELECT 1 FROM state_edges WHERE machine = 'webhook' AND from_state = OLD.state AND to_state = NEW.state);
END;
CREATE TRIGGER delivery_edges BEFORE UPDATE OF state ON webhook_deliveries WHEN OLD.state <> NEW.state
BEGIN
  SELECT RAISE(ABORT, 'illegal edge: delivery') WHERE NOT EXISTS
    (SELECT 1 FROM state_edges WHERE machine = 'delivery' AND from_state = OLD.state AND to_state = NEW.state);
END;

-- An event's deliveries are made in its own transaction, whoever writes it. A test is for its endpoint alone.
CREATE TRIGGER webhook_fan_out AFTER INSERT ON job_events
BEGIN
  INSERT INTO webhook_deliveries (workspace_id, id, endpoint_id, event_id, state, next_at, created_at, updated_at)
    SELECT NEW.workspace_id, 'msg_' || e.id || '_' || NEW.id, e.id, NEW.id, 'pending', NEW.created_at, NEW.created_at, NEW.created_at
    FROM webhook_endpoints e
    WHERE e.workspace_id = NEW.workspace_id AND e.state = 'active'
      AND (NEW.type = 'webhook.tested' AND NEW.data ->> '$.webhookId' = e.id
        OR NEW.type <> 'webhook.tested' AND EXISTS (SELECT 1 FROM json_each(e.events) f WHERE NEW.type GLOB f.value))
    ORDER BY e.number;
END;

-- What is to be sent goes to the outbox in the same transaction.
CREATE TRIGGER delivery_made AFTER INSERT ON webhook_deliveries WHEN NEW.state = 'pending'
BEGIN
  INSERT INTO outbox (workspace_id, id, destination, payload, created_at)
    SELECT NEW.workspace_id, NEW.id || ':' || NEW.attempts, 'queue:cv-deliveries',
      json_object('workspaceId', NEW.workspace_id, 'deliveryId', NEW.id, 'attempt', NEW.attempts, 'traceId', v.trace_id), NEW.updated_at
    FROM job_events v WHERE v.id = NEW.event_id
    ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER delivery_replayed AFTER UPDATE OF state ON webhook_deliveries WHEN OLD.state <> 'pending' AND NEW.state = 'pending'
BEGIN
  INSERT INTO outbox (workspace_id, id, destination, payload, created_at)
    SELECT NEW.workspace_id, NEW.id || ':' || NEW.attempts, 'queue:cv-deliveries',
      json_object('workspaceId', NEW.workspace_id, 'deliveryId', NEW.id, 'attempt', NEW.attempts, 'traceId', v.trace_id), NEW.updated_at
    FROM job_events v WHERE v.id = NEW.event_id
    ON CONFLICT DO NOTHING;
END;
