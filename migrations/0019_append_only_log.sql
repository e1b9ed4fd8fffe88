-- The log says who did what: nothing in it is rewritten, by no bug and by nobody at a prompt.
CREATE TRIGGER job_events_stay_as_they_are BEFORE UPDATE ON job_events BEGIN
  SELECT RAISE(ABORT, 'job_events is append-only');
END;
CREATE TRIGGER job_events_stay BEFORE DELETE ON job_events BEGIN
  SELECT RAISE(ABORT, 'job_events is append-only');
END;
