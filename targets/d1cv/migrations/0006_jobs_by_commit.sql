-- What a job was about, so that CV Ops finds out what either side has lost when a database was put back in time.
-- NULL for what was applied before.
ALTER TABLE receipts ADD COLUMN commit_number INTEGER;
ALTER TABLE receipts ADD COLUMN commit_hash TEXT;
ALTER TABLE receipts ADD COLUMN written_rows TEXT;
