-- One table for each entity of shared/domain/portfolio, one column for each of its fields; deletes are soft.
-- A version is the revision of the receipt that last wrote the row.

CREATE TABLE technology (
  portfolio_id TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  deleted_at TEXT,
  deleted_by TEXT,
  name TEXT NOT NULL,
  category TEXT NOT NULL,
  experience_years REAL,
  proficiency_percent INTEGER,
  level TEXT,
  is_featured INTEGER,
  summary TEXT,
  PRIMARY KEY (portfolio_id, id)
);

CREATE INDEX technology_live ON technology (portfolio_id, id) WHERE deleted_at IS NULL;

CREATE TABLE project (
  portfolio_id TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  deleted_at TEXT,
  deleted_by TEXT,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  role TEXT,
  url TEXT,
  repository_url TEXT,
  start_date TEXT,
  end_date TEXT,
  technologies TEXT,
  highlights TEXT,
  PRIMARY KEY (portfolio_id, id)
);

CREATE INDEX project_live ON project (portfolio_id, id) WHERE deleted_at IS NULL;

CREATE TABLE experience (
  portfolio_id TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  deleted_at TEXT,
  deleted_by TEXT,
  company TEXT NOT NULL,
  role TEXT NOT NULL,
  start_date TEXT NOT NULL,
  end_date TEXT,
  location TEXT,
  summary TEXT,
  technologies TEXT,
  highlights TEXT,
  PRIMARY KEY (portfolio_id, id)
);

CREATE INDEX experience_live ON experience (portfolio_id, id) WHERE deleted_at IS NULL;

CREATE TABLE education (
  portfolio_id TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  deleted_at TEXT,
  deleted_by TEXT,
  institution TEXT NOT NULL,
  degree TEXT NOT NULL,
  field_of_study TEXT,
  start_date TEXT,
  end_date TEXT,
  grade TEXT,
  courses TEXT,
  summary TEXT,
  PRIMARY KEY (portfolio_id, id)
);

CREATE INDEX education_live ON education (portfolio_id, id) WHERE deleted_at IS NULL;

CREATE TABLE certification (
  portfolio_id TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  deleted_at TEXT,
  deleted_by TEXT,
  name TEXT NOT NULL,
  issuer TEXT NOT NULL,
  issued_date TEXT,
  expires_date TEXT,
  credential_url TEXT,
  summary TEXT,
  PRIMARY KEY (portfolio_id, id)
);

CREATE INDEX certification_live ON certification (portfolio_id, id) WHERE deleted_at IS NULL;

CREATE TABLE profile (
  portfolio_id TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  deleted_at TEXT,
  deleted_by TEXT,
  name TEXT NOT NULL,
  headline TEXT NOT NULL,
  email TEXT,
  phone TEXT,
  location TEXT,
  website TEXT,
  languages TEXT,
  summary TEXT,
  PRIMARY KEY (portfolio_id, id)
);

CREATE INDEX profile_live ON profile (portfolio_id, id) WHERE deleted_at IS NULL;
