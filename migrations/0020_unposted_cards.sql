-- The last card that Slack did not take into a channel: the reply about a commit says so.
CREATE INDEX cards_unposted ON cards (workspace_id, channel_id, updated_at)
  WHERE ts IS NULL AND retired_reason IS NOT NULL;
