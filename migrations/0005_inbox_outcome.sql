-- What the request led to, as JSON of its use case's result: a repeat is answered with it. NULL where nobody waits for an answer.
ALTER TABLE inbox ADD COLUMN outcome TEXT;
