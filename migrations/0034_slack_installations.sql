-- Workspaces that have installed the Slack app themselves (/slack/install), with the tokens that Slack gave.
CREATE TABLE slack_installations (
  workspace_id TEXT NOT NULL,                 -- of the team; of the organisation where it is installed org-wide
  name TEXT NOT NULL,                         -- what Slack calls it
  app_id TEXT NOT NULL,
  bot_user_id TEXT NOT NULL,
  scopes TEXT NOT NULL,                       -- separated by commas
  organisation_id TEXT,                       -- of Enterprise Grid; NULL: none
  is_org_wide INTEGER NOT NULL,
  installed_by TEXT NOT NULL,
  installed_at TEXT NOT NULL,
  sealed_tokens TEXT,                         -- JSON {botToken, refreshToken}, AES-GCM; NULL: uninstalled
  key_version TEXT,                           -- which key of ENCRYPTION_KEYS has encrypted it
  expires_at TEXT,                            -- of the bot's token; NULL: never
  refreshing_until TEXT,                      -- somebody refreshes it, and nobody else does
  updated_at TEXT NOT NULL,
  PRIMARY KEY (workspace_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX slack_installations_by_key ON slack_installations (key_version);
CREATE INDEX slack_installations_by_end ON slack_installations (expires_at) WHERE expires_at IS NOT NULL;

-- States of /slack/install that have been used: each is good once, for ten minutes.
CREATE TABLE install_states (
  hash TEXT NOT NULL,                         -- SHA-256 of the state, hex
  expires_at TEXT NOT NULL,
  PRIMARY KEY (hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX install_states_by_age ON install_states (expires_at);

-- Who has installed the app by /slack/install, and is its admin while there is no other; NULL: the variables say who.
ALTER TABLE workspaces ADD COLUMN installed_by TEXT;
-- Whose org-wide installation it uses; NULL: its own.
ALTER TABLE workspaces ADD COLUMN organisation_id TEXT;
