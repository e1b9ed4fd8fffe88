-- Names of the glossary. SQLite carries a renamed table or column into the triggers and indexes that mention it.
ALTER TABLE expectation RENAME TO assertion;
ALTER TABLE cards RENAME COLUMN wanted_version TO desired_version;
ALTER TABLE inbox RENAME TO idempotency_records;
ALTER TABLE idempotency_records RENAME COLUMN outcome TO result;
