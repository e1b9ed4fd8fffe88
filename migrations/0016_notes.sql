-- What a change or a commit does is derived from its content, and shown where somebody decides. What an author writes
-- about a change is a note.
ALTER TABLE staged_changes ADD COLUMN note TEXT;       -- the author's own words; NULL: none
-- The former column held either; what reads like a derived line was one.
UPDATE staged_changes SET note = summary
  WHERE summary NOT GLOB 'New *: *' AND summary NOT GLOB 'Remove *: *' AND summary NOT GLOB '*: * → *';
ALTER TABLE commits ADD COLUMN summary TEXT;           -- what it does in a line, of the content of `hash`; NULL: made before
ALTER TABLE staged_changes DROP COLUMN summary;
