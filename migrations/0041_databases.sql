-- The directory of a service with several databases: which there are, and which workspace is in which. The first
-- database has these rows; the others have the same tables, and leave these two empty.

CREATE TABLE databases (
  -- Of the binding: DB, DB_2, …
  name TEXT NOT NULL PRIMARY KEY,
  added_at TEXT NOT NULL,
  -- As D1 has said last: new workspaces go to the smallest.
  bytes INTEGER NOT NULL,
  measured_at TEXT NOT NULL
) STRICT;

-- A workspace without a row here is in the first database, where it has a row in `workspaces`, or nowhere yet.
CREATE TABLE placements (
  workspace_id TEXT NOT NULL PRIMARY KEY,
  database TEXT NOT NULL,
  -- Whose installation of the app it shares; null while that is unknown.
  organisation_id TEXT,
  placed_at TEXT NOT NULL
) STRICT;

-- A Worker that lacks the database of a workspace, such as an earlier version, makes no second one of it here.
CREATE TRIGGER workspace_is_elsewhere BEFORE INSERT ON workspaces
WHEN EXISTS (SELECT 1 FROM placements WHERE workspace_id = NEW.workspace_id AND database <> 'DB')
BEGIN
  SELECT RAISE(ABORT, 'the workspace is in another database, which is not bound');
END;
