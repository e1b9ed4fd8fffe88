-- People who leave Slack lose their access. Slack says so once; its directory is asked daily besides.

-- When Slack has said last that they are still there; NULL: not yet.
ALTER TABLE people ADD COLUMN present_at TEXT;
-- When it was asked last, answer or not.
ALTER TABLE people ADD COLUMN asked_at TEXT;
