-- What Slack refuses for a reason that may pass is tried again, each card by itself: one that Slack never takes does
-- not slow the others down. `failures`: tries since Slack last took it. `retry_at`: not written before; NULL: at once.
ALTER TABLE cards ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cards ADD COLUMN retry_at TEXT;
