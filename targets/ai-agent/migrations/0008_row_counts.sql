-- How many rows a portfolio has: a push reports it, and reads one row for it, however many there are. Triggers keep it.
CREATE TABLE row_counts (
  portfolio_id TEXT PRIMARY KEY,
  row_count INTEGER NOT NULL DEFAULT 0,
  vector_count INTEGER NOT NULL DEFAULT 0     -- those that the index has contained
) WITHOUT ROWID;

INSERT INTO row_counts (portfolio_id, row_count)
  SELECT portfolio_id, COUNT(*) FROM technology GROUP BY portfolio_id
  ON CONFLICT (portfolio_id) DO UPDATE SET row_count = row_count + excluded.row_count;
INSERT INTO row_counts (portfolio_id, row_count)
  SELECT portfolio_id, COUNT(*) FROM project GROUP BY portfolio_id
  ON CONFLICT (portfolio_id) DO UPDATE SET row_count = row_count + excluded.row_count;
INSERT INTO row_counts (portfolio_id, row_count)
  SELECT portfolio_id, COUNT(*) FROM experience GROUP BY portfolio_id
  ON CONFLICT (portfolio_id) DO UPDATE SET row_count = row_count + excluded.row_count;
INSERT INTO row_counts (portfolio_id, row_count)
  SELECT portfolio_id, COUNT(*) FROM education GROUP BY portfolio_id
  ON CONFLICT (portfolio_id) DO UPDATE SET row_count = row_count + excluded.row_count;
INSERT INTO row_counts (portfolio_id, row_count)
  SELECT portfolio_id, COUNT(*) FROM certification GROUP BY portfolio_id
  ON CONFLICT (portfolio_id) DO UPDATE SET row_count = row_count + excluded.row_count;
INSERT INTO row_counts (portfolio_id, row_count)
  SELECT portfolio_id, COUNT(*) FROM profile GROUP BY portfolio_id
  ON CONFLICT (portfolio_id) DO UPDATE SET row_count = row_count + excluded.row_count;

INSERT INTO row_counts (portfolio_id, vector_count)
  SELECT portfolio_id, COUNT(*) FROM vectors WHERE content_hash IS NOT NULL GROUP BY portfolio_id
  ON CONFLICT (portfolio_id) DO UPDATE SET vector_count = excluded.vector_count;

CREATE TRIGGER technology_inserted AFTER INSERT ON technology
BEGIN
  INSERT INTO row_counts (portfolio_id, row_count) VALUES (NEW.portfolio_id, 1)
    ON CONFLICT (portfolio_id) DO UPDATE SET row_count = row_count + 1;
END;
CREATE TRIGGER technology_deleted AFTER DELETE ON technology
BEGIN
  UPDATE row_counts SET row_count = row_count - 1 WHERE portfolio_id = OLD.portfolio_id;
END;
CREATE TRIGGER project_inserted AFTER INSERT ON project
BEGIN
  INSERT INTO row_counts (portfolio_id, row_count) VALUES (NEW.portfolio_id, 1)
    ON CONFLICT (portfolio_id) DO UPDATE SET row_count = row_count + 1;
END;
CREATE TRIGGER project_deleted AFTER DELETE ON project
BEGIN
  UPDATE row_counts SET row_count = row_count - 1 WHERE portfolio_id = OLD.portfolio_id;
END;
CREATE TRIGGER experience_inserted AFTER INSERT ON experience
BEGIN
  INSERT INTO row_counts (portfolio_id, row_count) VALUES (NEW.portfolio_id, 1)
    ON CONFLICT (portfolio_id) DO UPDATE SET row_count = row_count + 1;
END;
CREATE TRIGGER experience_deleted AFTER DELETE ON experience
BEGIN
  UPDATE row_counts SET row_count = row_count - 1 WHERE portfolio_id = OLD.portfolio_id;
END;
CREATE TRIGGER education_inserted AFTER INSERT ON education
BEGIN
  INSERT INTO row_counts (portfolio_id, row_count) VALUES (NEW.portfolio_id, 1)
    ON CONFLICT (portfolio_id) DO UPDATE SET row_count = row_count + 1;
END;
CREATE TRIGGER education_deleted AFTER DELETE ON education
BEGIN
  UPDATE row_counts SET row_count = row_count - 1 WHERE portfolio_id = OLD.portfolio_id;
END;
CREATE TRIGGER certification_inserted AFTER INSERT ON certification
BEGIN
  INSERT INTO row_counts (portfolio_id, row_count) VALUES (NEW.portfolio_id, 1)
    ON CONFLICT (portfolio_id) DO UPDATE SET row_count = row_count + 1;
END;
CREATE TRIGGER certification_deleted AFTER DELETE ON certification
BEGIN
  UPDATE row_counts SET row_count = row_count - 1 WHERE portfolio_id = OLD.portfolio_id;
END;
CREATE TRIGGER profile_inserted AFTER INSERT ON profile
BEGIN
  INSERT INTO row_counts (portfolio_id, row_count) VALUES (NEW.portfolio_id, 1)
    ON CONFLICT (portfolio_id) DO UPDATE SET row_count = row_count + 1;
END;
CREATE TRIGGER profile_deleted AFTER DELETE ON profile
BEGIN
  UPDATE row_counts SET row_count = row_count - 1 WHERE portfolio_id = OLD.portfolio_id;
END;
-- A vector comes without a hash.
CREATE TRIGGER vector_deleted AFTER DELETE ON vectors WHEN OLD.content_hash IS NOT NULL
BEGIN
  UPDATE row_counts SET vector_count = vector_count - 1 WHERE portfolio_id = OLD.portfolio_id;
END;
CREATE TRIGGER vector_changed AFTER UPDATE OF content_hash ON vectors
  WHEN (NEW.content_hash IS NULL) <> (OLD.content_hash IS NULL)
BEGIN
  INSERT INTO row_counts (portfolio_id, vector_count) VALUES (NEW.portfolio_id, NEW.content_hash IS NOT NULL)
    ON CONFLICT (portfolio_id) DO UPDATE
    SET vector_count = vector_count + (NEW.content_hash IS NOT NULL) - (OLD.content_hash IS NOT NULL);
END;
