-- Whose input is in a change, and what its author does not know of it yet.

-- JSON list of user ids: who staged it, edited it, or resolved a conflict in it. They do not approve it in team mode.
ALTER TABLE staged_changes ADD COLUMN contributors TEXT NOT NULL DEFAULT '[]';
UPDATE staged_changes SET contributors = json_array(created_by);
UPDATE staged_changes SET contributors = (
    SELECT json_group_array(user_id) FROM (
      SELECT staged_changes.created_by AS user_id
      UNION SELECT e.actor_id FROM job_events e
        WHERE e.workspace_id = staged_changes.workspace_id AND e.type = 'change.edited'
          AND e.data ->> '$.changeId' = staged_changes.id))
  WHERE id IN (SELECT data ->> '$.changeId' FROM job_events WHERE type = 'change.edited');

-- JSON: what its author saw last (payload, targets, summary) and who has edited it since; NULL: they know all of it.
ALTER TABLE staged_changes ADD COLUMN unseen_edit TEXT;
