-- Commits whose rows are still to be read back.
CREATE TABLE verifications (
  portfolio_id TEXT NOT NULL,
  job_id TEXT NOT NULL,
  operations TEXT NOT NULL,
  PRIMARY KEY (portfolio_id, job_id)
);
