-- Targets are data: a short name is one of a target's columns, and when a target got a commit stands in commit_targets alone.

-- What people may type instead of the name, and what stands in a commit's status; NULL: the name.
ALTER TABLE targets ADD COLUMN alias TEXT;
UPDATE targets SET alias = 'ai' WHERE name = 'ai-agent';

ALTER TABLE commits DROP COLUMN applied_d1cv_at;
ALTER TABLE commits DROP COLUMN applied_ai_at;
