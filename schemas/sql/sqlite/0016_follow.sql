-- 0016: what a plan learns of the patient's other plans and sessions without an event of its own.
-- another running plan of the patient changed, with this leaf of the log, and this one was not planned with it yet; null: it was
ALTER TABLE plan ADD COLUMN others_leaf INTEGER;
-- which session closed which task of an earlier one, and how that task stood before: if the session did not take place it comes back.
-- It does as long as the task's seq is the one of then: nobody did anything to it since.
CREATE TABLE session_close (
  by_plan INTEGER NOT NULL REFERENCES plan (first_leaf), plan INTEGER NOT NULL REFERENCES plan (first_leaf), name TEXT NOT NULL,
  seq INTEGER NOT NULL, was TEXT NOT NULL, was_outcome TEXT, was_owner TEXT,
  PRIMARY KEY (by_plan, plan, name, seq)
) STRICT, WITHOUT ROWID;
