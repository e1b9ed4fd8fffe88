-- The glossary's name. SQLite carries a renamed table into the trigger on it.
ALTER TABLE expectation RENAME TO assertion;
