-- An outcome that came after another: what the job was taken for before its target said that it is applied: 'timeout' or
-- 'failed'; NULL when it came in time.
ALTER TABLE jobs ADD COLUMN completed_after TEXT;
