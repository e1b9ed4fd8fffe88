-- How many requests were refused, by day, operation and reason: for whoever runs the service. Who was refused is
-- in the log alone.
CREATE TABLE refusal_counts (
  day TEXT NOT NULL,                          -- UTC, YYYY-MM-DD
  workspace_id TEXT NOT NULL,                 -- '': nobody has proved of which
  via TEXT NOT NULL,                          -- 'slack' | 'api' | 'webhook'
  operation TEXT NOT NULL,
  code TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (day, workspace_id, via, operation, code)
) STRICT;
