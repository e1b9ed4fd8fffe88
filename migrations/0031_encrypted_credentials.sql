-- A target's credentials stand in its row, encrypted; the variables only fill a database that has none yet.

-- JSON {request, webhook, read}, AES-GCM; NULL until cron has taken them from TARGET_CREDENTIALS.
ALTER TABLE targets ADD COLUMN sealed_credentials TEXT;
-- Which key of ENCRYPTION_KEYS has encrypted it.
ALTER TABLE targets ADD COLUMN key_version TEXT;
-- SHA-256 of the entry of TARGET_CREDENTIALS that it was taken from; NULL: somebody has set it here.
ALTER TABLE targets ADD COLUMN imported_digest TEXT;
CREATE INDEX targets_by_key ON targets (key_version);
CREATE INDEX targets_imported ON targets (imported_digest) WHERE imported_digest IS NOT NULL;
