-- Which backups were put into this database.
CREATE TABLE restores (
  backup TEXT PRIMARY KEY,
  restored_at TEXT NOT NULL
);
