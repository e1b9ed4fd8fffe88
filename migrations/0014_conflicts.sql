-- Whoever resolves a conflict gives an approved commit other content, which needs another approval.
INSERT INTO state_edges (machine, from_state, to_state) VALUES ('review', 'approved', 'in_review');
