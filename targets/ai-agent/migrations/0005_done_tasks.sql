-- Index work that is done is deleted after a while, oldest first.
CREATE INDEX index_tasks_done ON index_tasks (created_at) WHERE state = 'done';
