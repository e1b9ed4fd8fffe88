-- When the app was uninstalled: until it is installed again nobody and no program reaches the workspace. NULL: it is
-- installed, or Slack has only taken the token away (disconnected_at).
ALTER TABLE workspaces ADD COLUMN uninstalled_at TEXT;
CREATE INDEX workspaces_by_organisation ON workspaces (organisation_id) WHERE organisation_id IS NOT NULL;
