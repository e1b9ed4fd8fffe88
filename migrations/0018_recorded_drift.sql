-- Conflicts that were found, so that cards and lists say them without asking the targets.

-- JSON: the first conflicts at this target and how many there are, as they were found last; NULL: none. It is
-- written when a push is refused, checks or conflicts are read, targets are verified, or another commit is applied.
ALTER TABLE commit_targets ADD COLUMN drift TEXT;
