-- How many rows a portfolio has: a push reports it, and reads one row for it, however many there are. Triggers keep it.
CREATE TABLE row_counts (
  portfolio_id TEXT PRIMARY KEY,
  row_count INTEGER NOT NULL DEFAULT 0        -- those that are not deleted
) WITHOUT ROWID;

INSERT INTO row_counts (portfolio_id, row_count)
  SELECT portfolio_id, COUNT(*) FROM technology WHERE deleted_at IS NULL GROUP BY portfolio_id
  ON CONFLICT (portfolio_id) DO UPDATE SET row_count = row_count + excluded.row_count;
INSERT INTO row_counts (portfolio_id, row_count)
  SELECT portfolio_id, COUNT(*) FROM project WHERE deleted_at IS NULL GROUP BY portfolio_id
  ON CONFLICT (portfolio_id) DO UPDATE SET row_count = row_count + excluded.row_count;
INSERT INTO row_counts (portfolio_id, row_count)
  SELECT portfolio_id, COUNT(*) FROM experience WHERE deleted_at IS NULL GROUP BY portfolio_id
  ON CONFLICT (portfolio_id) DO UPDATE SET row_count = row_count + excluded.row_count;
INSERT INTO row_counts (portfolio_id, row_count)
  SELECT portfolio_id, COUNT(*) FROM education WHERE deleted_at IS NULL GROUP BY portfolio_id
  ON CONFLICT (portfolio_id) DO UPDATE SET row_count = row_count + excluded.row_count;
INSERT INTO row_counts (portfolio_id, row_count)
  SELECT portfolio_id, COUNT(*) FROM certification WHERE deleted_at IS NULL GROUP BY portfolio_id
  ON CONFLICT (portfolio_id) DO UPDATE SET row_count = row_count + excluded.row_count;
INSERT INTO row_counts (portfolio_id, row_count)
  SELECT portfolio_id, COUNT(*) FROM profile WHERE deleted_at IS NULL GROUP BY portfolio_id
  ON CONFLICT (portfolio_id) DO UPDATE SET row_count = row_count + excluded.row_count;

CREATE TRIGGER technology_inserted AFTER INSERT ON technology WHEN NEW.deleted_at IS NULL
BEGIN
  INSERT INTO row_counts (portfolio_id, row_count) VALUES (NEW.portfolio_id, 1)
    ON CONFLICT (portfolio_id) DO UPDATE SET row_count = row_count + 1;
END;
CREATE TRIGGER technology_deleted AFTER DELETE ON technology WHEN OLD.deleted_at IS NULL
BEGIN
  UPDATE row_counts SET row_count = row_count - 1 WHERE portfolio_id = OLD.portfolio_id;
END;
CREATE TRIGGER technology_marked AFTER UPDATE OF deleted_at ON technology
  WHEN (NEW.deleted_at IS NULL) <> (OLD.deleted_at IS NULL)
BEGIN
  UPDATE row_counts SET row_count = row_count + (NEW.deleted_at IS NULL) - (OLD.deleted_at IS NULL)
    WHERE portfolio_id = NEW.portfolio_id;
END;
CREATE TRIGGER project_inserted AFTER INSERT ON project WHEN NEW.deleted_at IS NULL
BEGIN
  INSERT INTO row_counts (portfolio_id, row_count) VALUES (NEW.portfolio_id, 1)
    ON CONFLICT (portfolio_id) DO UPDATE SET row_count = row_count + 1;
END;
CREATE TRIGGER project_deleted AFTER DELETE ON project WHEN OLD.deleted_at IS NULL
BEGIN
  UPDATE row_counts SET row_count = row_count - 1 WHERE portfolio_id = OLD.portfolio_id;
END;
CREATE TRIGGER project_marked AFTER UPDATE OF deleted_at ON project
  WHEN (NEW.deleted_at IS NULL) <> (OLD.deleted_at IS NULL)
BEGIN
  UPDATE row_counts SET row_count = row_count + (NEW.deleted_at IS NULL) - (OLD.deleted_at IS NULL)
    WHERE portfolio_id = NEW.portfolio_id;
END;
CREATE TRIGGER experience_inserted AFTER INSERT ON experience WHEN NEW.deleted_at IS NULL
BEGIN
  INSERT INTO row_counts (portfolio_id, row_count) VALUES (NEW.portfolio_id, 1)
    ON CONFLICT (portfolio_id) DO UPDATE SET row_count = row_count + 1;
END;
CREATE TRIGGER experience_deleted AFTER DELETE ON experience WHEN OLD.deleted_at IS NULL
BEGIN
  UPDATE row_counts SET row_count = row_count - 1 WHERE portfolio_id = OLD.portfolio_id;
END;
CREATE TRIGGER experience_marked AFTER UPDATE OF deleted_at ON experience
  WHEN (NEW.deleted_at IS NULL) <> (OLD.deleted_at IS NULL)
BEGIN
  UPDATE row_counts SET row_count = row_count + (NEW.deleted_at IS NULL) - (OLD.deleted_at IS NULL)
    WHERE portfolio_id = NEW.portfolio_id;
END;
CREATE TRIGGER education_inserted AFTER INSERT ON education WHEN NEW.deleted_at IS NULL
BEGIN
  INSERT INTO row_counts (portfolio_id, row_count) VALUES (NEW.portfolio_id, 1)
    ON CONFLICT (portfolio_id) DO UPDATE SET row_count = row_count + 1;
END;
CREATE TRIGGER education_deleted AFTER DELETE ON education WHEN OLD.deleted_at IS NULL
BEGIN
  UPDATE row_counts SET row_count = row_count - 1 WHERE portfolio_id = OLD.portfolio_id;
END;
CREATE TRIGGER education_marked AFTER UPDATE OF deleted_at ON education
  WHEN (NEW.deleted_at IS NULL) <> (OLD.deleted_at IS NULL)
BEGIN
  UPDATE row_counts SET row_count = row_count + (NEW.deleted_at IS NULL) - (OLD.deleted_at IS NULL)
    WHERE portfolio_id = NEW.portfolio_id;
END;
CREATE TRIGGER certification_inserted AFTER INSERT ON certification WHEN NEW.deleted_at IS NULL
BEGIN
  INSERT INTO row_counts (portfolio_id, row_count) VALUES (NEW.portfolio_id, 1)
    ON CONFLICT (portfolio_id) DO UPDATE SET row_count = row_count + 1;
END;
CREATE TRIGGER certification_deleted AFTER DELETE ON certification WHEN OLD.deleted_at IS NULL
BEGIN
  UPDATE row_counts SET row_count = row_count - 1 WHERE portfolio_id = OLD.portfolio_id;
END;
CREATE TRIGGER certification_marked AFTER UPDATE OF deleted_at ON certification
  WHEN (NEW.deleted_at IS NULL) <> (OLD.deleted_at IS NULL)
BEGIN
  UPDATE row_counts SET row_count = row_count + (NEW.deleted_at IS NULL) - (OLD.deleted_at IS NULL)
    WHERE portfolio_id = NEW.portfolio_id;
END;
CREATE TRIGGER profile_inserted AFTER INSERT ON profile WHEN NEW.deleted_at IS NULL
BEGIN
  INSERT INTO row_counts (portfolio_id, row_count) VALUES (NEW.portfolio_id, 1)
    ON CONFLICT (portfolio_id) DO UPDATE SET row_count = row_count + 1;
END;
CREATE TRIGGER profile_deleted AFTER DELETE ON profile WHEN OLD.deleted_at IS NULL
BEGIN
  UPDATE row_counts SET row_count = row_count - 1 WHERE portfolio_id = OLD.portfolio_id;
END;
CREATE TRIGGER profile_marked AFTER UPDATE OF deleted_at ON profile
  WHEN (NEW.deleted_at IS NULL) <> (OLD.deleted_at IS NULL)
BEGIN
  UPDATE row_counts SET row_count = row_count + (NEW.deleted_at IS NULL) - (OLD.deleted_at IS NULL)
    WHERE portfolio_id = NEW.portfolio_id;
END;
