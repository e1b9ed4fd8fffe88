-- Lets a deployment call the operators' addresses for some minutes: who may write here may deploy.
CREATE TABLE operator_passes (
  hash TEXT NOT NULL,                         -- SHA-256 of the pass, hex
  expires_at TEXT NOT NULL,
  PRIMARY KEY (hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX operator_passes_by_age ON operator_passes (expires_at);
