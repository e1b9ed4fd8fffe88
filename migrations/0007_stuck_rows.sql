-- Rows in a state that something else should move on: few at any time, and looked for every minute.
CREATE INDEX pushes_running ON pushes (updated_at) WHERE state = 'running';
CREATE INDEX commit_targets_in_flight ON commit_targets (updated_at) WHERE state = 'in_flight';
