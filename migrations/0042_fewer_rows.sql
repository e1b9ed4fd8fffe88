-- Commits with conflicts are few: a look at a commit reads none of its other targets for them.
CREATE INDEX commit_targets_drifted ON commit_targets (workspace_id, commit_id, target)
  WHERE drift IS NOT NULL AND state <> 'applied';

-- A webhook's secrets, encrypted. This release writes them beside the columns that the version before reads, and reads
-- these first; a later one empties those columns, and drops both triggers before.
ALTER TABLE webhook_endpoints ADD COLUMN sealed_secret TEXT;       -- AES-GCM; NULL until cron has encrypted it
ALTER TABLE webhook_endpoints ADD COLUMN key_version TEXT;         -- of ENCRYPTION_KEYS
ALTER TABLE webhook_endpoints ADD COLUMN sealed_old_secret TEXT;
ALTER TABLE webhook_endpoints ADD COLUMN old_key_version TEXT;
CREATE INDEX webhook_endpoints_by_key ON webhook_endpoints (key_version);

-- The version before has given it another secret: what is encrypted is not that.
CREATE TRIGGER webhook_secret_replaced AFTER UPDATE OF secret ON webhook_endpoints
  WHEN NEW.secret <> OLD.secret AND NEW.sealed_secret IS OLD.sealed_secret
BEGIN
  UPDATE webhook_endpoints SET sealed_secret = NULL, key_version = NULL, sealed_old_secret = NULL, old_key_version = NULL
    WHERE workspace_id = NEW.workspace_id AND id = NEW.id;
END;
CREATE TRIGGER webhook_secret_forgotten AFTER UPDATE OF old_secret ON webhook_endpoints
  WHEN OLD.old_secret IS NOT NULL AND NEW.old_secret IS NULL AND NEW.sealed_old_secret IS NOT NULL
BEGIN
  UPDATE webhook_endpoints SET sealed_old_secret = NULL, old_key_version = NULL
    WHERE workspace_id = NEW.workspace_id AND id = NEW.id;
END;
