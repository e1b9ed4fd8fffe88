-- Dead letters for people: a number to type, where each stands, who decided. And when Slack showed a card.

INSERT INTO state_edges (machine, from_state, to_state) VALUES
  ('dead_letter', 'kept', 'retried'),
  ('dead_letter', 'kept', 'discarded'),
  ('dead_letter', 'retried', 'kept'),
  ('dead_letter', 'retried', 'resolved'),
  ('dead_letter', 'retried', 'discarded');

-- id: of the queue's message, of the outbox row, or of the command. queue: 'cv-push' | 'cv-index' | 'slack', or what a message came from.
ALTER TABLE dead_letters ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE dead_letters ADD COLUMN state TEXT NOT NULL DEFAULT 'kept';      -- state table 'dead_letter'
ALTER TABLE dead_letters ADD COLUMN retries INTEGER NOT NULL DEFAULT 0;      -- how often people sent it again
ALTER TABLE dead_letters ADD COLUMN job_id TEXT;
ALTER TABLE dead_letters ADD COLUMN trace_id TEXT;
ALTER TABLE dead_letters ADD COLUMN failed_at TEXT;                          -- the last time; NULL in rows older than this column
ALTER TABLE dead_letters ADD COLUMN decided_by TEXT;                         -- who retried or discarded it
ALTER TABLE dead_letters ADD COLUMN decided_at TEXT;
ALTER TABLE dead_letters ADD COLUMN reason TEXT;

UPDATE dead_letters SET number =
  (SELECT COUNT(*) FROM dead_letters other
   WHERE other.workspace_id = dead_letters.workspace_id
     AND (other.received_at, other.id) <= (dead_letters.received_at, dead_letters.id));
INSERT INTO counters (workspace_id, name, value)
  SELECT workspace_id, 'dead_letter', MAX(number) FROM dead_letters GROUP BY workspace_id;

DROP INDEX dead_letters_by_age;
CREATE UNIQUE INDEX dead_letters_by_number ON dead_letters (workspace_id, number);
CREATE INDEX dead_letters_kept ON dead_letters (workspace_id) WHERE state = 'kept';

CREATE TRIGGER dead_letter_edges BEFORE UPDATE OF state ON dead_letters WHEN OLD.state <> NEW.state
BEGIN
  SELECT RAISE(ABORT, 'illegal edge: dead_letter') WHERE NOT EXISTS
    (SELECT 1 FROM state_edges WHERE machine = 'dead_letter' AND from_state = OLD.state AND to_state = NEW.state);
END;

-- Whose message it is, when it names only a portfolio.
CREATE INDEX targets_by_portfolio ON targets (portfolio_id);

-- When Slack last took a card.
ALTER TABLE cards ADD COLUMN shown_at TEXT;
