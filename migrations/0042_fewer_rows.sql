-- Commits with conflicts are few: a look at a commit reads none of its other targets for them.
CREATE INDEX commit_targets_drifted ON commit_targets (workspace_id, commit_id, target)
  WHERE drift IS NOT NULL AND state <> 'applied';
