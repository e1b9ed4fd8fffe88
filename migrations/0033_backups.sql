-- The backups of each day in R2, as the bot has joined them: the files say more.
CREATE TABLE backups (
  day TEXT PRIMARY KEY,                       -- UTC, YYYY-MM-DD: also the name of its folder
  state TEXT NOT NULL,                        -- 'complete' | 'failed'
  problem TEXT,                               -- what is missing; NULL where it is complete
  is_one_moment INTEGER NOT NULL DEFAULT 0,   -- 1: nothing moved while the databases were read
  bytes INTEGER NOT NULL DEFAULT 0,           -- compressed
  rows INTEGER NOT NULL DEFAULT 0,
  tried_at TEXT NOT NULL,                     -- when the bot first looked for it
  made_at TEXT                                -- when it was complete
) STRICT;
CREATE INDEX backups_complete ON backups (made_at) WHERE made_at IS NOT NULL;

-- Which backups were put into this database.
CREATE TABLE restores (
  backup TEXT PRIMARY KEY,                    -- its day
  restored_at TEXT NOT NULL
) STRICT;
