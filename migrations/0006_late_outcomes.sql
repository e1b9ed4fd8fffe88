-- An outcome that came after another: what the job was taken for before its target said that it is applied.
ALTER TABLE jobs ADD COLUMN completed_after TEXT;  -- 'timeout' | 'failed'; NULL: it came in time
