-- Approvals are judged when they are used, can be withdrawn, and solo mode is for one approver.

-- decision of approvals: also 'withdrawn'. A commit that is not approved any more is in review again.
-- With a second approver there is somebody to review.
UPDATE workspaces SET mode = 'team' WHERE mode = 'solo' AND 1 < (
  SELECT COUNT(*) FROM members m WHERE m.workspace_id = workspaces.workspace_id AND m.role IN ('approver', 'admin'));

-- The few events of settings, which notices of a looser policy show.
CREATE INDEX job_events_of_settings ON job_events (workspace_id, id) WHERE type = 'workspace.settings_set';
