-- What applied commits have made of each row of a target: a comparison reads as many rows as there are, however often
-- each has been changed. Triggers keep it.
CREATE TABLE applied_rows (
  workspace_id TEXT NOT NULL,
  target TEXT NOT NULL,
  entity_type TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  made TEXT,                                  -- JSON: whether it is there, and the commit that made it so; NULL: it was before
  fields TEXT NOT NULL,                       -- JSON by field: its value, and the commit that set it; no commit: accepted as live
  PRIMARY KEY (workspace_id, target, entity_type, entity_id)
) STRICT, WITHOUT ROWID;

INSERT INTO applied_rows (workspace_id, target, entity_type, entity_id, made, fields)
  SELECT workspace_id, target, entity_type, entity_id, iif(action = 'UPDATE', NULL, json_array(action = 'CREATE', commit_number)),
    (SELECT json_group_object(f.key, json_array(json(payload -> f.fullkey), commit_number)) FROM json_each(payload) f)
  FROM (
    SELECT ct.workspace_id, ct.target, c.entity_type, c.entity_id, c.action, iif(json_valid(c.payload), c.payload, '{}') AS payload,
      co.number AS commit_number, ct.applied_at AS at, c.number AS position
    FROM commit_targets ct
    JOIN commits co ON co.workspace_id = ct.workspace_id AND co.id = ct.commit_id
    JOIN staged_changes c ON c.workspace_id = ct.workspace_id AND c.commit_id = ct.commit_id
    WHERE ct.state = 'applied' AND c.state = 'committed' AND instr(c.targets, '"' || ct.target || '"') > 0
    UNION ALL
    SELECT workspace_id, data ->> '$.target', data ->> '$.entityType', data ->> '$.entityId', data ->> '$.action',
      data -> '$.values', NULL, created_at, id
    FROM job_events WHERE type = 'target.accepted')
  WHERE true
  ORDER BY at, position
  ON CONFLICT (workspace_id, target, entity_type, entity_id) DO UPDATE SET
    fields = iif(excluded.made IS NULL, json_patch(fields, excluded.fields), excluded.fields),
    made = COALESCE(excluded.made, made);

CREATE TRIGGER rows_applied AFTER UPDATE OF state ON commit_targets WHEN NEW.state = 'applied' AND OLD.state <> 'applied'
BEGIN
  INSERT INTO applied_rows (workspace_id, target, entity_type, entity_id, made, fields)
    SELECT NEW.workspace_id, NEW.target, c.entity_type, c.entity_id, iif(c.action = 'UPDATE', NULL, json_array(c.action = 'CREATE', co.number)),
      (SELECT json_group_object(f.key, json_array(json(c.payload -> f.fullkey), co.number))
        FROM json_each(iif(json_valid(c.payload), c.payload, '{}')) f)
    FROM commits co CROSS JOIN staged_changes c ON c.workspace_id = NEW.workspace_id AND c.commit_id = NEW.commit_id
      AND c.state = 'committed' AND instr(c.targets, '"' || NEW.target || '"') > 0
    WHERE co.workspace_id = NEW.workspace_id AND co.id = NEW.commit_id
    ORDER BY c.number
    ON CONFLICT (workspace_id, target, entity_type, entity_id) DO UPDATE SET
      fields = iif(excluded.made IS NULL, json_patch(fields, excluded.fields), excluded.fields),
      made = COALESCE(excluded.made, made);
END;
CREATE TRIGGER row_accepted AFTER INSERT ON job_events WHEN NEW.type = 'target.accepted'
BEGIN
  INSERT INTO applied_rows (workspace_id, target, entity_type, entity_id, made, fields)
    SELECT NEW.workspace_id, NEW.data ->> '$.target', NEW.data ->> '$.entityType', NEW.data ->> '$.entityId',
      json_array(NEW.data ->> '$.action' = 'CREATE', NULL),
      (SELECT json_group_object(f.key, json_array(json(NEW.data -> '$.values' -> f.fullkey), NULL)) FROM json_each(NEW.data -> '$.values') f)
    WHERE true
    ON CONFLICT (workspace_id, target, entity_type, entity_id) DO UPDATE SET fields = excluded.fields, made = excluded.made;
END;

-- The words of a workspace's newest commits, many in a row: a search reads a few rows.
CREATE TABLE commit_texts (
  workspace_id TEXT NOT NULL,
  position INTEGER NOT NULL,                  -- increases; only the newest are kept
  texts TEXT NOT NULL,                        -- a line each: number of the commit, tab, message and summary; the last line of a number counts
  PRIMARY KEY (workspace_id, position)
) STRICT;

INSERT INTO commit_texts (workspace_id, position, texts)
  SELECT c.workspace_id, c.number / 1000, group_concat(c.number || char(9)
      || replace(replace(c.message || ' ' || COALESCE(c.summary, ''), char(10), ' '), char(13), ' ') || char(10), '' ORDER BY c.number)
  FROM commits c
  WHERE c.number / 1000 > (SELECT MAX(number) / 1000 FROM commits newest WHERE newest.workspace_id = c.workspace_id) - 6
  GROUP BY c.workspace_id, c.number / 1000;

CREATE TRIGGER commit_text_added AFTER INSERT ON commits
BEGIN
  INSERT INTO commit_texts (workspace_id, position, texts)
    SELECT NEW.workspace_id,
      COALESCE((SELECT position + (length(texts) > 200000) FROM commit_texts
        WHERE workspace_id = NEW.workspace_id ORDER BY position DESC LIMIT 1), 0),
      NEW.number || char(9) || replace(replace(NEW.message || ' ' || COALESCE(NEW.summary, ''), char(10), ' '), char(13), ' ') || char(10)
    WHERE true
    ON CONFLICT (workspace_id, position) DO UPDATE SET texts = texts || excluded.texts;
  DELETE FROM commit_texts WHERE workspace_id = NEW.workspace_id
    AND position <= (SELECT MAX(position) FROM commit_texts WHERE workspace_id = NEW.workspace_id) - 6;
END;
CREATE TRIGGER commit_text_changed AFTER UPDATE OF message, summary ON commits
  WHEN NEW.message <> OLD.message OR NEW.summary IS NOT OLD.summary
BEGIN
  INSERT INTO commit_texts (workspace_id, position, texts)
    SELECT NEW.workspace_id,
      COALESCE((SELECT position + (length(texts) > 200000) FROM commit_texts
        WHERE workspace_id = NEW.workspace_id ORDER BY position DESC LIMIT 1), 0),
      NEW.number || char(9) || replace(replace(NEW.message || ' ' || COALESCE(NEW.summary, ''), char(10), ' '), char(13), ' ') || char(10)
    WHERE true
    ON CONFLICT (workspace_id, position) DO UPDATE SET texts = texts || excluded.texts;
END;
