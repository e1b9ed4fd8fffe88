-- Events of repairs and the reason of a retired card after the glossary, stored ones and filters of webhooks included.
UPDATE job_events SET type = 'push.repaired' WHERE type = 'push.mended';
UPDATE job_events SET type = 'commit.repaired' WHERE type = 'commit.mended';
UPDATE webhook_endpoints
  SET events = REPLACE(REPLACE(events, '"push.mended"', '"push.repaired"'), '"commit.mended"', '"commit.repaired"')
  WHERE events LIKE '%.mended"%';
ALTER TABLE cards RENAME COLUMN ended_reason TO retired_reason;
