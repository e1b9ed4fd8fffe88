-- What Slack refuses for a reason that may pass is tried again, each card by itself: one that Slack never takes does
-- not slow the others down.
ALTER TABLE cards ADD COLUMN failures INTEGER NOT NULL DEFAULT 0; -- tries since Slack last took it
ALTER TABLE cards ADD COLUMN retry_at TEXT;                       -- not written before; NULL: at once
